#!/bin/sh
# An in-house balancer behind kirikae's back end `command`, in a shell without jq: here the "balancer" is a file with
# three words, blue's share, green's share and a number that grows with each change. docs/routing.md says what every
# action gets and what it may answer. Replace show(), change() and look() by calls of your balancer.
#
#     routes:
#       - name: shop
#         wave: front
#         backend: command
#         settings:
#           route: shop
#           read: [./balancer.sh]
#           set: [./balancer.sh]
#           verify: [./balancer.sh]
#           environment: {BALANCER_FILE: /var/lib/balancer/shop}
set -eu
file=${BALANCER_FILE:?names the file of weights}

show() { cat "$file"; }
change() { printf '%s %s %s\n' "$1" "$2" "$3" > "$file.new.$$" && mv "$file.new.$$" "$file"; }
# A real balancer is asked through its front door here; a file is the truth about itself.
look() { cat "$file"; }

# kirikae writes one line of canonical JSON: sorted keys, no spaces. So the last "weights" are those of the request and
# the first "etag" is what it expects to stand there.
IFS= read -r request
action=$(printf %s "$request" | sed -n 's/^{"action":"\([a-z]*\)".*/\1/p')
blue=$(printf %s "$request" | sed -n 's/.*"weights":{"blue":\([0-9]*\),"green":[0-9]*}.*/\1/p')
green=$(printf %s "$request" | sed -n 's/.*"weights":{"blue":[0-9]*,"green":\([0-9]*\)}.*/\1/p')
expected=$(printf %s "$request" | sed -n 's/[^}]*"etag":"\([^"]*\)".*/\1/p')

case $action in
    read)
        set -- $(show)
        printf '{"weights":{"blue":%s,"green":%s},"etag":"%s"}\n' "$1" "$2" "$3"
        ;;
    set | restore)
        # One change at a time. The lock goes with this process.
        exec 9> "$file.lock"
        flock 9
        set -- $(show)
        if [ "$1 $2" = "$blue $green" ]; then
            echo '{"result":"applied"}'
        elif [ -n "$expected" ] && [ "$3" != "$expected" ]; then
            printf '{"result":"conflict","message":"stands at %s to %s, number %s"}\n' "$1" "$2" "$3"
        else
            change "$blue" "$green" $(($3 + 1))
            echo '{"result":"applied"}'
        fi
        ;;
    verify)
        set -- $(look)
        if [ "$1 $2" = "$blue $green" ]; then
            echo '{"result":"verified"}'
        else
            printf '{"result":"pending","message":"answers come %s to %s"}\n' "$1" "$2"
        fi
        ;;
    *)
        echo "balancer.sh: '$action' is no action" >&2
        exit 64
        ;;
esac
