// Histories of a given shape and size, to measure the checker with and to try
// things on.
//
// A family is a simulated object (a register, a queue, a bank, …) and the mix
// of operations that clients ask of it. The object is atomic, so a history is
// linearizable by construction, unless a violation is asked for: then it has
// exactly one, at a known place, and no choice of what became of the info
// operations explains it.
//
// Unlike a run of a target (see run.h) there are no nodes, messages or faults:
// a million operations take seconds, and as many of them are open at once as
// there are clients, nearly always.

#ifndef MINOS_GENERATORS_FAMILIES_H_
#define MINOS_GENERATORS_FAMILIES_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "absl/status/statusor.h"
#include "history/history.h"

namespace minos::generators {

// Where the one violation of a history lies.
enum class ViolationPlace : uint8_t {
  kNone,   // there is none
  kEarly,  // after about 5 % of the operations
  kLate,   // after about 95 %
};

// "none", "early", "late".
std::string_view ToString(ViolationPlace place);
// The place called `name`; nullopt if there is none.
std::optional<ViolationPlace> ViolationPlaceFromName(std::string_view name);

struct FamilyOptions {
  // How many operations are called. Locks take one less if it is odd, so that
  // each acquire has its release.
  int64_t operations = 1000;
  // Each has one operation open, nearly always.
  int clients = 10;
  // Of 100 operations, how many end in info: the client sees a time-out, and
  // the operation takes effect at some later time, or never. (A release of a
  // lock is the exception: its client insists until it is answered.)
  double info_percent = 0;
  // Over how many keys the operations are spread; absent for the default of the
  // family. For a family whose object has parts (the registers of a
  // multi-register, the accounts of a bank) it is how many parts there are.
  std::optional<int> keys = std::nullopt;
  uint64_t seed = 1;
  ViolationPlace violation = ViolationPlace::kNone;
};

struct FamilyInfo {
  std::string_view name;
  std::string_view summary;
  // The data type to check it as, as --model calls it.
  std::string_view model;
  int default_keys;
  // What its objects start with, as --initial takes it; absent for the default
  // of the data type.
  std::optional<int> initial = std::nullopt;
};

// All families, in the order in which they are listed.
std::span<const FamilyInfo> AllFamilies();

// A history of the family called `name`. The same arguments give the same
// history on every machine. NotFound, with the nearest name, if there is no
// such family; InvalidArgument if an option is out of range, or if the history
// has no room for the violation (a few dozen operations have). O(operations ·
// log clients), but for reads that show many elements: the lists and growing
// sets give way to fresh ones, under new keys, before reads become long.
absl::StatusOr<history::History> GenerateFamily(std::string_view name,
                                                const FamilyOptions& options);

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_FAMILIES_H_
