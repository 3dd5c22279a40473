# minos_options(target): the compile options of all our own code.
function(minos_options target)
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic
                         -Wnon-virtual-dtor -Woverloaded-virtual)
  if(MINOS_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(MINOS_SANITIZE)
    target_compile_options(${target} PUBLIC -fsanitize=${MINOS_SANITIZE}
                           -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(${target} PUBLIC -fsanitize=${MINOS_SANITIZE})
  endif()
endfunction()

# minos_library(folder DEPENDS … PRIVATE_DEPENDS …): the library of a folder,
# made of all its .cc files, as the target minos::folder.
function(minos_library folder)
  cmake_parse_arguments(ARG "" "" "DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cc
       ${PROJECT_SOURCE_DIR}/${folder}/*/*.cc)
  file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.h)
  if(NOT sources)
    add_library(minos_${folder} INTERFACE)
    target_link_libraries(minos_${folder} INTERFACE ${ARG_DEPENDS})
  else()
    add_library(minos_${folder} STATIC ${sources} ${headers})
    target_link_libraries(minos_${folder} PUBLIC ${ARG_DEPENDS}
                          PRIVATE ${ARG_PRIVATE_DEPENDS})
    minos_options(minos_${folder})
  endif()
  add_library(minos::${folder} ALIAS minos_${folder})
endfunction()
