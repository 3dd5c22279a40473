// What nearly every test includes, read once for all of them.
#ifndef MINOS_CMAKE_PRECOMPILED_TESTS_H_
#define MINOS_CMAKE_PRECOMPILED_TESTS_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cmake/precompiled.h"

#endif  // MINOS_CMAKE_PRECOMPILED_TESTS_H_
