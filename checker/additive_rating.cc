// A beam keeps the configurations of an event that are likeliest to lead to a
// linearization. How likely is that?
//
// The idea. The sweep decodes: someone linearized the operations, and what the
// seers saw is all that is known of how. Of many candidates before one event,
// each of which explains what has been seen so far, the likelihood of one is,
// up to a factor that all share, the product of
//
//  - for each open operation, whether it is linearized: operations take effect
//    somewhere between call and return, so one that was open for a share p of
//    its time is linearized with odds of p / (1 - p);
//  - for each open seer that is linearized, that a sum it saw came up by
//  itself:
//    false candidates hit one only by chance. For each update that is, that it
//    was chosen for that: the more are taken ahead of their returns, the more
//    sums can be hit;
//  - for the paths to the configuration, how likely each was at every step: one
//    choice of k out of n updates is one of C(n, k). Equal configurations that
//    are met on several paths are as likely as the paths together (the forward
//    algorithm of hidden Markov models; Rabiner, "A tutorial on hidden Markov
//    models", Proc. IEEE 77, 1989, section III.A). Where updates are equal, one
//    choice stands for all that differ in which of these are taken: each of
//    them would be rated alike, so it is as likely as their number says;
//  - for each info operation used: most take effect soon after their call or
//    never;
//  - for each seer that has to be seen soon and cannot be as things stand: that
//    an info operation will help.
//
// The weights of these are those of a conditional logit: they make the true
// configuration, in generated histories whose linearization is known, as likely
// as possible among the candidates of its event.
//
// Nothing of this decides a verdict: it is which configurations are tried.

#include "checker/additive_rating.h"

#include <algorithm>
#include <cmath>

namespace minos::checker {
namespace {

constexpr float kSeer = 0.95F;
constexpr float kSeerOdds = 0.34F;
constexpr float kUpdate = -0.82F;
constexpr float kUpdateOdds = 0.53F;
constexpr float kCrash = 0.34F;
constexpr float kCrashAge = -0.7F;
// Of the share of its time that an operation has been open.
constexpr float kLeastShare = 0.03F;

// Of the share of its time for which the operation has been open.
float LogOdds(const TimedOperation& operation, uint32_t event) {
  const auto passed = static_cast<float>(event + 1 - operation.call_event);
  const auto whole =
      static_cast<float>(operation.return_event + 1 - operation.call_event);
  const float share = std::clamp(passed / whole, kLeastShare, 1 - kLeastShare);
  return std::log(share / (1 - share));
}

}  // namespace

AdditiveRating::AdditiveRating(size_t slots) {
  log_factorials_.push_back(0);
  for (size_t n = 1; n <= slots; ++n) {
    log_factorials_.push_back(log_factorials_.back() +
                              std::log(static_cast<float>(n)));
  }
}

float AdditiveRating::OfUpdate(const TimedOperation& operation,
                               uint32_t event) {
  return kUpdate + kUpdateOdds * LogOdds(operation, event);
}

float AdditiveRating::OfSeer(const TimedOperation& operation, uint32_t event) {
  return kSeer + kSeerOdds * LogOdds(operation, event);
}

float AdditiveRating::OfCrash(uint32_t called, uint32_t event) {
  return kCrash + kCrashAge * std::log(static_cast<float>(event - called + 1));
}

float AdditiveRating::LogChance(size_t available, size_t taken) const {
  return log_factorials_[taken] + log_factorials_[available - taken] -
         log_factorials_[available];
}

float AdditiveRating::Either(float log_chance, float other) {
  return std::max(log_chance, other) +
         std::log1p(std::exp(-std::abs(log_chance - other)));
}

}  // namespace minos::checker
