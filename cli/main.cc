#include "cli/program.h"

int main(int argc, char** argv) { return minos::cli::RunProgram(argc, argv); }
