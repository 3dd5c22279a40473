#!/usr/bin/env bash
# usage: check_layers.sh ROOT
#
# Do includes run only down the layers? Says each one that does not, and exits
# with 1. Also looks that no header includes CLI11 or nlohmann/json, which cost
# every file that sees them seconds of compile time.
set -euo pipefail
cd "$1"

# Each folder and what it may include, besides itself.
read -r -d '' layers <<'TABLE' || true
history
checker     history
report      history checker
targets     history
generators  history targets
cli         history checker report targets generators
bench       history checker report targets generators cli
tests       history checker report targets generators cli bench docs
TABLE

files=()
while read -r folder _; do
  for file in $(find "$folder" -name '*.cc' -o -name '*.h' 2>/dev/null); do
    files+=("$file")
  done
done <<<"$layers"
if [[ ${#files[@]} -eq 0 ]]; then
  echo "check_layers: no C++ file below $PWD" >&2
  exit 2
fi

awk -v layers="$layers" '
  BEGIN {
    rows = split(layers, row, "\n")
    for (i = 1; i <= rows; ++i) {
      count = split(row[i], word, " ")
      for (j = 1; j <= count; ++j) allowed[word[1], word[j]] = 1
    }
  }
  function complain(what) {
    printf "%s:%d: %s\n", FILENAME, FNR, what
    bad = 1
  }
  FNR == 1 { split(FILENAME, path, "/"); folder = path[1] }
  !/^[ \t]*#[ \t]*include/ { next }
  folder != "tests" && FILENAME ~ /\.h$/ && /[<"](CLI|nlohmann)\// {
    complain("a header must not include CLI11 or nlohmann/json")
  }
  match($0, /"[^"]*"/) {
    target = substr($0, RSTART + 1, RLENGTH - 2)
    split(target, part, "/")
    if (target ~ /^absl\/|^gtest\/|^gmock\/|^benchmark\//) next
    if (!((folder, part[1]) in allowed))
      complain(folder "/ must not include \"" target "\"")
  }
  END { exit bad }
' "${files[@]}"
echo "check_layers: ${#files[@]} files include only what their layer may"
