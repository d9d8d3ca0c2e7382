#!/bin/sh
touch evil
