//! The whole command line, and how it is read.

use std::ffi::OsString;

use clap::{Args, Command, FromArgMatches as _, Subcommand as _};

use super::{
    Cli, CompletionsArgs, DemoArgs, DiffArgs, GlobalArgs, HandoffArgs, HelmArgs, InitArgs,
    KustomizeArgs, LockArgs, LoginArgs, LogoutArgs, MirrorArgs, ScanArgs, ServeArgs, Verb,
    VerifyArgs, WhyArgs,
};

/// What was typed.
#[derive(Debug)]
pub(crate) struct Typed {
    pub(crate) global: GlobalArgs,
    pub(crate) verb: Verb,
}

impl Typed {
    /// Reads words, of which the first is the program. To describe all verbs takes as long as to render a small chart: where
    /// the second word is a verb, the others are left out.
    ///
    /// # Errors
    ///
    /// clap's, which are help and version too.
    pub(crate) fn read(words: Vec<OsString>) -> Result<Self, clap::Error> {
        let verb = words.get(1).and_then(|word| word.to_str()).and_then(described);
        let command = match verb {
            Some(verb) => Cli::augment_args(Command::new("sealift").subcommand(verb)),
            None => Self::command(),
        };
        let mut matches = command.try_get_matches_from(words)?;
        Ok(Self {
            global: GlobalArgs::from_arg_matches_mut(&mut matches)?,
            verb: Verb::from_arg_matches_mut(&mut matches)?,
        })
    }

    /// Describes all of it.
    pub(crate) fn command() -> Command {
        // What the verbs say of themselves is not what the program says.
        Cli::augment_args(Verb::augment_subcommands(Command::new("sealift")))
    }
}

/// Describes one verb as [`Verb`] has it.
fn described(verb: &str) -> Option<Command> {
    fn of<A: Args>(verb: &'static str) -> Command {
        A::augment_args(Command::new(verb))
    }
    Some(match verb {
        "completions" => of::<CompletionsArgs>("completions"),
        "demo" => of::<DemoArgs>("demo"),
        "diff" => of::<DiffArgs>("diff"),
        "handoff" => of::<HandoffArgs>("handoff"),
        "helm" => of::<HelmArgs>("helm"),
        "init" => of::<InitArgs>("init"),
        "kustomize" => of::<KustomizeArgs>("kustomize"),
        "lock" => of::<LockArgs>("lock"),
        "login" => of::<LoginArgs>("login"),
        "logout" => of::<LogoutArgs>("logout"),
        "mirror" => of::<MirrorArgs>("mirror"),
        "scan" => of::<ScanArgs>("scan"),
        "serve" => of::<ServeArgs>("serve"),
        "verify" => of::<VerifyArgs>("verify"),
        "why" => of::<WhyArgs>("why"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_alone_is_described_as_among_all() {
        let all = Typed::command();
        let mut verbs = 0;
        for among in all.get_subcommands() {
            let alone = described(among.get_name()).expect("every verb is described alone");
            // Their order among others is all that may differ.
            let shown = |verb: &Command| format!("{:?}", verb.clone().display_order(0));
            assert_eq!(shown(&alone), shown(among), "{}", among.get_name());
            verbs += 1;
        }
        assert_eq!(verbs, 15);
        assert!(described("help").is_none());
    }

    #[test]
    fn mistakes_are_told_the_same_whether_all_verbs_are_described_or_one() {
        let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        for line in [
            "sealift mirror --help",
            "sealift mirror --too x",
            "sealift helm",
            "sealift helm templat x",
            "sealift helm template --set",
            "sealift lock -q -v",
            "sealift login",
        ] {
            let alone = Typed::read(words(line)).expect_err("a mistake").to_string();
            let among = Typed::command().try_get_matches_from(words(line));
            assert_eq!(alone, among.expect_err("a mistake").to_string(), "{line}");
        }
    }
}
