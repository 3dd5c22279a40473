// The data types that tests run over, and how such tests are called.

#ifndef MINOS_TESTS_SUPPORT_DATA_TYPES_H_
#define MINOS_TESTS_SUPPORT_DATA_TYPES_H_

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace minos::testing {

// All that minos has.
std::vector<std::string> AllDataTypes();
// Those whose state is a value in each of a few places.
std::vector<std::string> DataTypesOfPlaces();

// `name` as GoogleTest takes it in the name of a test: "cas_register".
std::string TestName(std::string_view name);

// Calls tests by their parameters, in INSTANTIATE_TEST_SUITE_P.
struct NamedByParameter {
  std::string operator()(
      const ::testing::TestParamInfo<std::string>& info) const {
    return TestName(info.param);
  }
};

}  // namespace minos::testing

#endif  // MINOS_TESTS_SUPPORT_DATA_TYPES_H_
