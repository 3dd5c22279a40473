# What minos stands on. The package of the machine is taken where there is one;
# where there is none, the sources are fetched at a pinned commit (its hash is
# also the check of what arrived).
include(FetchContent)
set(FETCHCONTENT_QUIET OFF)

# minos_dependency(name repository commit version): `name` as find_package
# knows it. `version` is for the reader: what the commit is called.
macro(minos_dependency name repository commit version)
  # SYSTEM comes first: CMake 3.25.1 takes it for a part of what precedes it.
  FetchContent_Declare(${name} SYSTEM GIT_REPOSITORY ${repository}
                       GIT_TAG ${commit} FIND_PACKAGE_ARGS)
  FetchContent_MakeAvailable(${name})
endmacro()

# What a fetched dependency would do as a project of its own, and what it must
# not do here. What the libraries link is installed with them.
set(ABSL_PROPAGATE_CXX_STD ON)
set(ABSL_ENABLE_INSTALL ON)
set(INSTALL_GTEST OFF)
set(BENCHMARK_ENABLE_TESTING OFF)
set(BENCHMARK_ENABLE_INSTALL OFF)

find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
minos_dependency(absl https://github.com/abseil/abseil-cpp.git
                 4447c7562e3bc702ade25105912dce503f0c4010 20240722.0)
minos_dependency(nlohmann_json https://github.com/nlohmann/json.git
                 9cca280a4d0ccf0c08f47a99aa71d1b0e52f8d03 v3.11.3)
if(MINOS_BUILD_CLI)
  minos_dependency(CLI11 https://github.com/CLIUtils/CLI11.git
                   6c7b07a878ad834957b98d0f9ce1dbe0cb204fc9 v2.4.2)
endif()
if(MINOS_BUILD_TESTS)
  minos_dependency(GTest https://github.com/google/googletest.git
                   b514bdc898e2951020cbdca1304b75f5950d1f59 v1.15.2)
endif()
if(MINOS_BUILD_BENCH)
  minos_dependency(benchmark https://github.com/google/benchmark.git
                   12235e24652fc7f809373e7c11a5f73c5763fc4c v1.9.0)
endif()
