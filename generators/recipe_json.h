// A recipe as JSON text, to be saved, read by people, and run again.
//
//   {"target": "raft", "workload": "register", "parameters": {"n": "3"},
//    "bugs": ["no-fsync"], "nodes": 3, "seed": 7,
//    "network": {"delay_min": 500000, "delay_max": 5000000, …},
//    "clients": [{"home": 0, "operations": [
//        {"f": "write", "key": 0, "value": 1, "think": 20000000}, …]}],
//    "faults": [{"kind": "crash", "start": 100000000, "duration": 50000000,
//                "nodes": [1]}],
//    "settle_time": 2000000000, "final_keys": [0, 1]}
//
// "luck": "by-time" beside the seed makes luck hang on the time
// (targets/luck.h).
//
// Times are nanoseconds. What has its default value is left out; an expected
// value of a cas is a number, absent for nil, or "last-seen".

#ifndef MINOS_GENERATORS_RECIPE_JSON_H_
#define MINOS_GENERATORS_RECIPE_JSON_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "generators/recipe.h"

namespace minos::generators {

// On one line.
std::string RecipeToJson(const Recipe& recipe);

// InvalidArgument, in words for the user, if the text is no recipe, names a
// target, workload or function that there is none of, or has a number out of
// bounds. Whether the target takes the parameters and bugs shows in Execute.
absl::StatusOr<Recipe> RecipeFromJson(std::string_view text);

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_RECIPE_JSON_H_
