# find_package(minos): gives minos::history, minos::checker, minos::report, …
include(CMakeFindDependencyMacro)
find_dependency(absl)
find_dependency(Threads)
find_dependency(ZLIB)
include(${CMAKE_CURRENT_LIST_DIR}/minos-targets.cmake)
