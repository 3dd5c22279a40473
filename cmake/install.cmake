# What `cmake --install` lays down: the libraries with their headers under
# include/minos, the package for find_package(minos), and the program.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# minos_install_library(folder): its library and its headers.
function(minos_install_library folder)
  set_target_properties(minos_${folder} PROPERTIES EXPORT_NAME ${folder})
  install(TARGETS minos_${folder} EXPORT minos-targets)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder}/
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/minos/${folder}
          FILES_MATCHING PATTERN "*.h")
endfunction()

# minos_install_package(): what find_package(minos) reads.
function(minos_install_package)
  set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/minos)
  install(EXPORT minos-targets NAMESPACE minos:: DESTINATION ${package_dir})
  write_basic_package_version_file(
    ${PROJECT_BINARY_DIR}/minos-config-version.cmake
    COMPATIBILITY SameMinorVersion)
  install(FILES ${PROJECT_SOURCE_DIR}/cmake/minos-config.cmake
          ${PROJECT_BINARY_DIR}/minos-config-version.cmake
          DESTINATION ${package_dir})
endfunction()
