// Where a value was written more than once a read has several candidates, and
// the question becomes whether some choice of sources holds (NP-complete in
// general). A depth-first search resolves one read after the other. For most
// models a resolved read only adds demands, so a violated part of a choice can
// be given up at once; the first look, with nothing chosen, is then a proof by
// itself if it is violated. Candidates are tried latest call first: that is
// what a read of a register saw in most stores; and those of an element of a
// collection earliest call first, since collections keep what they have.
//
// Each look costs as much as judging the history, so the number of looks is
// bounded by a count of steps that does not depend on the machine.

#include "checker/ambiguity.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"

namespace minos::checker {
namespace {

// How many steps all looks together may judge, and how many looks there may be.
constexpr size_t kStepEffort = 20'000'000;
constexpr size_t kMaxLooks = 20'000;

class Search {
 public:
  Search(SessionHistory& steps, const ReadsFrom& reads,
         const std::vector<AmbiguousRead>& ambiguous, bool monotonic,
         bool in_session_order, const Judge& judge, Budget& budget)
      : steps_(steps),
        ambiguous_(ambiguous),
        is_collection_(steps.observation != Observation::kRegister),
        occurrences_(reads.occurrences),
        occurrence_begin_(reads.occurrence_begin),
        monotonic_(monotonic),
        in_session_order_(in_session_order),
        judge_(judge),
        budget_(budget),
        looks_(std::min(
            kMaxLooks,
            std::max<size_t>(ambiguous.size() + 2,
                             kStepEffort / (steps.size() + size_t{1})))) {}

  ModelOutcome Run(bool explain) {
    ModelOutcome outcome;
    const bool proves = monotonic_ && Look().verdict == Verdict::kViolation;
    if (!proves) Explore(0);
    if (found_valid_ || unknown_) {
      if (found_valid_) return outcome;
      return *std::move(unknown_);
    }
    if (out_of_looks_) {
      return UnknownOutcome(
          {UnknownReason::kAmbiguousValues,
           absl::StrCat(ambiguous_.size(),
                        " reads returned a value that was written more than "
                        "once, or that is also the initial value"),
           "make every written value unique, or record a `version` with each "
           "operation"});
    }
    for (const AmbiguousRead& read : ambiguous_) Choose(read, kUnresolvedStep);
    if (!proves) {
      // Every choice is violated: show the one that is tried first.
      for (const AmbiguousRead& read : ambiguous_) {
        for (size_t i = 0; i < read.candidates.size(); ++i) {
          if (!MayChoose(read, Candidate(read, i))) continue;
          Choose(read, Candidate(read, i));
          break;
        }
      }
    }
    ShowChoices();
    outcome = judge_(steps_, explain);
    if (!proves && outcome.verdict == Verdict::kViolation) {
      outcome.notes.emplace_back(
          "values were written more than once; every choice of the writes that "
          "the reads saw is violated, and one is shown");
    }
    return outcome;
  }

 private:
  ModelOutcome Look() {
    if (looks_ == 0) {
      out_of_looks_ = true;
      return {};
    }
    --looks_;
    ShowChoices();
    return judge_(steps_, false);
  }

  // The i-th candidate to try.
  Step Candidate(const AmbiguousRead& read, size_t i) const {
    return is_collection_ ? read.candidates[i]
                          : read.candidates[read.candidates.size() - 1 - i];
  }

  // A list does not show one update twice, nor equal ones of a session in
  // another order than they were made.
  bool MayChoose(const AmbiguousRead& read, Step candidate) const {
    if (steps_.observation != Observation::kList) return true;
    const Step source = steps_.sources[read.read];
    for (size_t at = occurrence_begin_[source];
         at < occurrence_begin_[source + 1]; ++at) {
      const Step other = occurrences_[at];
      if (other == candidate) return false;
      if (!in_session_order_ || !IsStep(other) ||
          steps_.values[other] != steps_.values[candidate]) {
        continue;
      }
      if (at < read.occurrence ? steps_.SessionPrecedes(candidate, other)
                               : steps_.SessionPrecedes(other, candidate)) {
        return false;
      }
    }
    return true;
  }

  void Choose(const AmbiguousRead& read, Step candidate) {
    if (is_collection_) {
      occurrences_[read.occurrence] = candidate;
    } else {
      steps_.sources[read.read] = candidate;
    }
  }

  void ShowChoices() {
    if (is_collection_) {
      ShowOccurrences(occurrences_, occurrence_begin_, steps_);
    }
  }

  void Explore(size_t depth) {
    if (depth == ambiguous_.size()) {
      ModelOutcome outcome = Look();
      if (out_of_looks_) return;
      if (outcome.verdict == Verdict::kValid) found_valid_ = true;
      if (outcome.verdict == Verdict::kUnknown) unknown_ = std::move(outcome);
      return;
    }
    const AmbiguousRead& read = ambiguous_[depth];
    for (size_t i = 0; i < read.candidates.size(); ++i) {
      Choose(read, kUnresolvedStep);
      if (!MayChoose(read, Candidate(read, i))) continue;
      Choose(read, Candidate(read, i));
      const bool give_up = monotonic_ && depth + 1 < ambiguous_.size() &&
                           WorthALook(depth) &&
                           Look().verdict == Verdict::kViolation;
      if (!give_up) Explore(depth + 1);
      if (found_valid_ || out_of_looks_ || budget_.Exhausted()) return;
    }
    Choose(read, kUnresolvedStep);
  }

  // Looking at every depth costs depth times as much as the first descent;
  // with many ambiguous reads only every so many levels are looked at.
  bool WorthALook(size_t depth) const {
    const size_t stride = 1 + ambiguous_.size() / 64;
    return (depth + 1) % stride == 0;
  }

  SessionHistory& steps_;
  const std::vector<AmbiguousRead>& ambiguous_;
  bool is_collection_;
  std::vector<Step> occurrences_;
  const std::vector<uint32_t>& occurrence_begin_;
  bool monotonic_;
  bool in_session_order_;
  const Judge& judge_;
  Budget& budget_;
  size_t looks_;
  bool out_of_looks_ = false;
  bool found_valid_ = false;
  std::optional<ModelOutcome> unknown_;
};

// The candidates of each read by the order of their calls, the initial value
// first.
std::vector<AmbiguousRead> ByCall(const SessionHistory& steps,
                                  std::vector<AmbiguousRead> ambiguous) {
  for (AmbiguousRead& read : ambiguous) {
    std::sort(
        read.candidates.begin(), read.candidates.end(), [&](Step a, Step b) {
          const auto rank = [&](Step step) {
            return IsStep(step) ? std::pair(int64_t{steps.call(step)}, step)
                                : std::pair(int64_t{-1}, step);
          };
          return rank(a) < rank(b);
        });
  }
  // In the order of their returns, so that a part of a choice is about a part
  // of the history.
  std::sort(ambiguous.begin(), ambiguous.end(),
            [&](const AmbiguousRead& a, const AmbiguousRead& b) {
              return std::tuple(steps.end(a.read), a.read, a.occurrence) <
                     std::tuple(steps.end(b.read), b.read, b.occurrence);
            });
  return ambiguous;
}

}  // namespace

ModelOutcome JudgeAmbiguous(SessionHistory& steps, const ReadsFrom& reads,
                            bool monotonic, bool in_session_order,
                            const Judge& judge, bool explain, Budget& budget) {
  if (reads.ambiguous.empty()) return judge(steps, explain);
  const std::vector<AmbiguousRead> ordered = ByCall(steps, reads.ambiguous);
  ModelOutcome outcome =
      Search(steps, reads, ordered, monotonic, in_session_order, judge, budget)
          .Run(explain);
  if (const auto reason = budget.Exhausted();
      reason && outcome.verdict != Verdict::kViolation) {
    outcome.verdict = Verdict::kUnknown;
    outcome.unknown = Unknown{*reason, "", ""};
  }
  return outcome;
}

}  // namespace minos::checker
