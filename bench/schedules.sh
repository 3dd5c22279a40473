#!/usr/bin/env bash
# usage: schedules.sh MINOS [CAMPAIGNS [RUNS]]
#
# How many runs does it take to find each planted bug, by each schedule? Prints
# the table of docs/fuzzing.md: the geometric mean over so many campaigns (10),
# each from a seed of its own, of at most so many runs (1000). A campaign that
# finds nothing counts as if the run after its last had found it, and the mean
# has a > then. The last line is the geometric mean over the bugs.
set -euo pipefail
minos=$1
campaigns=${2:-10}
runs=${3:-1000}

# One line for each campaign: schedule, "TARGET with BUG", verdict, runs.
for schedule in plain swarm directed; do
  for ((i = 0; i < campaigns; ++i)); do
    { "$minos" fuzz all --bugs each --schedule "$schedule" --no-shrink \
      --runs "$runs" --seed $((1000000 * i)) --quiet || [ $? -le 3 ]; } |
      sed -nE "s/^(.* with .*): ([a-z]+), ([0-9,]+) runs?.*/$schedule;\1;\2;\3/p"
  done
done |
  awk -F ';' '
    {
      gsub(",", "", $4)
      found = $3 == "violation"
      if (!($2 in seen)) { seen[$2] = 1; bugs[++count] = $2 }
      sum[$2, $1] += log(found ? $4 : $4 + 1)
      times[$2, $1] += 1
      if (!found) missed[$2, $1] = 1
      if ($3 == "violation") shown[$2] = 1
    }
    function mean(bug, schedule) {
      return exp(sum[bug, schedule] / times[bug, schedule])
    }
    function cell(bug, schedule) {
      return (missed[bug, schedule] ? "> " : "") \
        sprintf("%.1f", mean(bug, schedule))
    }
    END {
      split("plain swarm directed", names, " ")
      print "| store and bug | plain | swarm | directed |"
      print "|---|--:|--:|--:|"
      for (i = 1; i <= count; ++i) {
        bug = bugs[i]
        # A bug that nothing can see says nothing about schedules.
        if (!shown[bug]) { unseen = unseen ", " bug; continue }
        split(bug, parts, " with ")
        line = "| `" parts[1] "`: `" parts[2] "` |"
        for (j = 1; j <= 3; ++j) {
          line = line " " cell(bug, names[j]) " |"
          total[j] += log(mean(bug, names[j]))
        }
        print line
        ++used
      }
      line = "| geometric mean |"
      for (j = 1; j <= 3; ++j) {
        line = line sprintf(" %.2f |", exp(total[j] / used))
      }
      print line
      if (unseen != "") print "never found: " substr(unseen, 3)
    }'
