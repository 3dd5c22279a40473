// What nearly every file of the program includes, read once for all of them.
#ifndef MINOS_CMAKE_PRECOMPILED_CLI_H_
#define MINOS_CMAKE_PRECOMPILED_CLI_H_

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cmake/precompiled.h"

#endif  // MINOS_CMAKE_PRECOMPILED_CLI_H_
