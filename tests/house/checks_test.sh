#!/usr/bin/env bash
# Do the checks of the house catch what they are for? Each is shown a small tree
# that is clean, and then the same tree with one thing wrong.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failed=0

# expect CODE CHECK WHAT: the check of the tree must end with CODE.
expect() {
  local code=0
  "$here/$2" "$tree" >/dev/null 2>&1 || code=$?
  if [[ $code -ne $1 ]]; then
    echo "FAILED: $2 on $3: expected the exit code $1, got $code"
    failed=1
  fi
}

# plant FILE TEXT: what each test adds to the clean tree.
plant() { printf '%s\n' "$2" >"$tree/$1"; }
remove() { rm -f "$tree/$1"; }

mkdir -p "$tree/history" "$tree/checker" "$tree/report"
# Not our repository, nor any other: every file of the tree counts.
export GIT_CEILING_DIRECTORIES="$tree/.."
plant history/a.h '#include <vector>'
plant checker/a.cc '#include "history/a.h"'
plant report/a.cc '#include <nlohmann/json.hpp>'
expect 0 check_layers.sh "a clean tree"
expect 0 check_paths.sh "a clean tree"

plant history/b.cc '#include "checker/b.h"'
expect 1 check_layers.sh "an include that runs up"
remove history/b.cc

plant checker/b.cc '  #  include "report/b.h"'
expect 1 check_layers.sh "an include that runs up, with spaces"
remove checker/b.cc

plant checker/b.cc '#include "a.h"'
expect 1 check_layers.sh "an include without a folder"
remove checker/b.cc

plant report/b.h '#include "nlohmann/json.hpp"'
expect 1 check_layers.sh "nlohmann/json in a header"
plant report/b.h '#include <CLI/CLI.hpp>'
expect 1 check_layers.sh "CLI11 in a header"
remove report/b.h

# Put together here, so that this file names none itself.
slash=/
for path in "${slash}home/somebody" "${slash}root/x" "${slash}work/x" \
  "C:\\Users\\x"; do
  plant notes.md "see $path"
  expect 1 check_paths.sh "$path"
done
for path in https://example.org/work/x ./home/x src/root/x; do
  plant notes.md "see $path"
  expect 0 check_paths.sh "$path"
done

[[ $failed -eq 0 ]] && echo "the checks catch what they are for"
exit "$failed"
