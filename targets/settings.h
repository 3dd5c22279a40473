// How one run of a store is set up: its parameters and its planted bug.

#ifndef MINOS_TARGETS_SETTINGS_H_
#define MINOS_TARGETS_SETTINGS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace minos::targets {

// A parameter of a store. All are integers; where `choices` is not empty they
// are the names of the values 0, 1, ….
struct ParameterInfo {
  std::string_view name;  // ends in its unit: lag_ms
  int64_t default_value = 0;
  int64_t minimum = 0;
  int64_t maximum = 0;
  std::string_view meaning;  // one phrase
  std::vector<std::string_view> choices;
};

// A planted bug: a named mutation of the store that breaks a promise.
struct BugInfo {
  std::string_view name;
  std::string_view meaning;              // what goes wrong, one phrase
  std::vector<std::string_view> breaks;  // consistencies
};

// "12", or the name of the choice.
std::string ValueText(const ParameterInfo& parameter, int64_t value);

// The values of the parameters, and which bugs are planted.
class Settings {
 public:
  Settings() = default;
  // The defaults. The infos outlive the settings.
  Settings(const std::vector<ParameterInfo>& parameters,
           const std::vector<BugInfo>& bugs);

  // Sets a parameter from its text: a number, or one of its choices.
  // InvalidArgument, in words for the user, if there is no such parameter or
  // the value is out of its bounds.
  absl::Status Set(std::string_view name, std::string_view text);
  // Plants the bug called `name`; InvalidArgument if there is none.
  absl::Status Plant(std::string_view name);

  // REQUIRES: the store has a parameter `name`.
  int64_t Get(std::string_view name) const;
  // REQUIRES: the store has a bug `name`.
  bool HasBug(std::string_view name) const;

 private:
  struct Entry {
    const ParameterInfo* info;
    int64_t value;
  };
  struct Switch {
    const BugInfo* info;
    bool on;
  };

  std::vector<Entry> entries_;
  std::vector<Switch> bugs_;
};

}  // namespace minos::targets

#endif  // MINOS_TARGETS_SETTINGS_H_
