// The session guarantees of tiny histories, found by trying everything that the
// reads may have seen.

#ifndef MINOS_TESTS_SUPPORT_GUARANTEE_ORACLE_H_
#define MINOS_TESTS_SUPPORT_GUARANTEE_ORACLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "tests/support/tiny_facts.h"

namespace minos::testing {

// Which arbitration rules a tiny history is judged with.
enum class TinyArbitration : uint8_t { kSession, kNone, kRealTime, kVersions };

struct GuaranteeRules {
  bool read_your_writes = false;
  bool monotonic_reads = false;
  bool monotonic_writes = false;
  bool writes_follow_reads = false;
  TinyArbitration arbitration = TinyArbitration::kSession;
};

// The rules that `names` has in it: the four guarantees, `pram` and `session`.
GuaranteeRules ParseGuarantees(std::string_view names,
                               TinyArbitration arbitration);

// Judges what the reads showed by some of the rules.
class GuaranteeOracle {
 public:
  GuaranteeOracle(const TinyFacts& facts, const Choice& choice,
                  GuaranteeRules rules);

  // Is there one arbitration for all of `reads`, and something that each of
  // them saw, by which they keep the rules?
  bool Allows(OpSet reads) const;

  // The same for the reads of each session, with an arbitration of its own.
  bool AllowsEachSession() const;

 private:
  // By read: the updates that it saw.
  using SeenSets = std::array<OpSet, kMaxTinyOperations>;

  bool IsArbitrated(size_t a, size_t b) const;
  bool HasVisibility(std::span<const size_t> reads, SeenSets& seen,
                     const TinyOrder& arbitration) const;
  bool IsClosed(OpSet saw) const;

  const TinyFacts& facts_;
  const Choice& choice_;
  GuaranteeRules rules_;
  bool is_possible_ = true;
  TinyOrder arbitration_;  // what each contains, whatever was seen
  // By update: who sees it sees these too, and they are arbitrated before it.
  std::array<OpSet, kMaxTinyOperations> along_{};
};

}  // namespace minos::testing

#endif  // MINOS_TESTS_SUPPORT_GUARANTEE_ORACLE_H_
