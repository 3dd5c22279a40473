# What minos stands on: the distribution's packages.

find_package(absl REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Threads REQUIRED)
if(MINOS_BUILD_TESTS)
  find_package(GTest REQUIRED)
endif()
