# fish completion for contain(1)
#
# Copyright (c) 2026 the contain authors
# SPDX-License-Identifier: ISC
#
# What it offers is read from contain --help, so it is always that of the
# contain that is installed.

# The options that have a word of their own for their argument.
set -g __contain_with_value

# Prints the words of the contained command, or fails if there is none yet.
function __contain_command
    set -l words (commandline -opc)[2..] (commandline -ct)
    while set -q words[1]
        set -l word $words[1]
        set -e words[1]
        if test "$word" = --
            break
        else if contains -- $word $__contain_with_value
            set -e words[1]
        else if not string match -q -- '-?*' "$word"
            set -p words $word
            break
        end
    end
    # what is still being typed is no command before it is complete
    test (count $words) -gt 1; or return 1
    string join \n -- $words
end

function __contain_values
    set -l words (__contain_command)
    if test $status -eq 0
        complete -C "$words"
    else if not string match -q -- '-*' (commandline -ct)
        complete -C (commandline -ct)
    end
end

complete -c contain -f -a '(__contain_values)'

for line in (contain --help 2>/dev/null)
    set -l part (string match -r -- \
        '^  (-[a-zA-Z],|   ) --([a-z-]+)(\[?=\S*|) +(.*)$' $line)
    or continue
    set -l argument (string trim -c '[=]' -- $part[4])
    set -l -- spec -l $part[3] -d $part[5]
    set -l letter (string trim -c '-, ' -- $part[2])
    if test -n "$letter"
        set -a -- spec -s $letter
    end
    if string match -q -- '=*' "$part[4]"
        set -a -- __contain_with_value --$part[3]
        test -n "$letter"; and set -a -- __contain_with_value -$letter
        set -a -- spec -r
    end
    switch "$argument"
        case ''
        case FILE
            set -a -- spec -F
        case PID
            set -a -- spec -f -a '(__fish_complete_pids)'
        case SIGNAL
            __fish_make_completion_signals
            set -a -- spec -f -a "$__kill_signals"
        case '[a-z]*' '*|*'
            set -a -- spec -f -a (string replace -a '|' ' ' -- $argument)
        case '*'
            set -a -- spec -f
    end
    complete -c contain -n 'not __contain_command >/dev/null' $spec
end
