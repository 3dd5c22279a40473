#!/usr/bin/env bash
# usage: check_paths.sh ROOT
#
# Does a text name a place of one machine (a home folder, a folder of somebody's
# checkout)? Says each line that does, and exits with 1.
set -euo pipefail
cd "$1"

# The folders of people and of root, and a checkout below the root directory.
# What stands in front keeps URLs and relative paths out.
pattern='(^|[^A-Za-z0-9_.~/-])(/(home|Users)/[a-z]|/(root|work)/|[A-Z]:\\Users)'

# Files that are part of the project: what git knows or will know, or all of
# them where there is no git.
list_files() {
  if git rev-parse --git-dir >/dev/null 2>&1; then
    git ls-files -z --cached --others --exclude-standard
  else
    find . -path ./build -prune -o -type f -print0
  fi
}

lines=$(list_files | xargs -0 grep -EnI -- "$pattern" /dev/null || [[ $? -le 123 ]])
if [[ -n $lines ]]; then
  printf '%s\n' "$lines"
  echo "check_paths: these lines name a path of one machine" >&2
  exit 1
fi
echo "check_paths: no text names a path of one machine"
