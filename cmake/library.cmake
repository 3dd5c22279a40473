# minos_options(target): the compile options of all our own code.
function(minos_options target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(${target} PUBLIC
                             $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                             $<INSTALL_INTERFACE:include/minos>)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic
                         -Wnon-virtual-dtor -Woverloaded-virtual)
  # GCC 12 sees overlaps in std::string that are not there, once it inlines as
  # much as at -O3.
  target_compile_options(${target} PRIVATE
                         $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-restrict>)
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
  endif()
  add_library(minos::${folder} ALIAS minos_${folder})
  if(MINOS_INSTALL)
    minos_install_library(${folder})
  endif()
endfunction()
