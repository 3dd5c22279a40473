# minos_options(target): the compile options of all our own code.
function(minos_options target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(${target} PUBLIC
                             $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                             $<INSTALL_INTERFACE:include/minos>)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic
                         -Wnon-virtual-dtor -Woverloaded-virtual)
  # GCC 12 sees overlaps and overruns in std::string that are not there, where
  # it inlines much or takes the header from a precompiled one.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -Wno-restrict -Wno-array-bounds
                           -Wno-stringop-overflow)
  endif()
  if(MINOS_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(MINOS_SANITIZE)
    target_compile_options(${target} PUBLIC -fsanitize=${MINOS_SANITIZE}
                           -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(${target} PUBLIC -fsanitize=${MINOS_SANITIZE})
  endif()
  if(MINOS_BUILD_FUZZERS)
    # Coverage for libFuzzer; its main comes with the fuzz targets alone.
    target_compile_options(${target} PUBLIC -fsanitize=fuzzer-no-link)
  endif()
endfunction()

# minos_precompile(target headers): has the target read what stands in `headers`
# (of cmake/) once for all its files. The first target with these headers makes
# them, and the others take them from it. A file still includes what it uses:
# clang-tidy's preset compiles without.
function(minos_precompile target headers)
  if(NOT MINOS_PRECOMPILE)
    return()
  endif()
  get_property(owner GLOBAL PROPERTY minos_precompiled_${headers})
  if(owner)
    target_precompile_headers(${target} REUSE_FROM ${owner})
  else()
    target_precompile_headers(${target} PRIVATE
                              ${PROJECT_SOURCE_DIR}/cmake/${headers})
    set_property(GLOBAL PROPERTY minos_precompiled_${headers} ${target})
  endif()
  # What ccache needs to see through the precompiled headers of GCC.
  target_compile_options(${target} PRIVATE
                         $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endfunction()

# minos_library(folder DEPENDS … PRIVATE_DEPENDS …): the library of a folder,
# made of all its .cc files, as the target minos::folder. DEPENDS are seen in
# its headers. PRIVATE_DEPENDS are not.
function(minos_library folder)
  cmake_parse_arguments(ARG "" "" "DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cc
       ${PROJECT_SOURCE_DIR}/${folder}/*/*.cc)
  if(NOT sources)
    add_library(minos_${folder} INTERFACE)
    target_link_libraries(minos_${folder} INTERFACE ${ARG_DEPENDS})
  else()
    add_library(minos_${folder} STATIC ${sources})
    target_link_libraries(minos_${folder} PUBLIC ${ARG_DEPENDS}
                          PRIVATE ${ARG_PRIVATE_DEPENDS})
    minos_options(minos_${folder})
    minos_precompile(minos_${folder} precompiled.h)
  endif()
  add_library(minos::${folder} ALIAS minos_${folder})
  if(MINOS_INSTALL)
    minos_install_library(${folder})
  endif()
endfunction()
