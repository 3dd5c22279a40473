// A format of the report: results in, text out. Nothing here prints.
//
//   auto renderer = MakeRenderer("json", options);
//   for (each file) Write((*renderer)->Add(result));
//   Write((*renderer)->Finish());

#ifndef MINOS_REPORT_RENDERER_H_
#define MINOS_REPORT_RENDERER_H_

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "report/result.h"
#include "report/style.h"

namespace minos::report {

// How the report is to look.
struct RenderOptions {
  Style style;           // for the formats that people read on a terminal
  bool several = false;  // whether more than one file may come
  bool quiet = false;    // text: the verdicts only
  // Whether an unknown verdict passes, as it does with --fail-on violation.
  bool forgives_unknown = false;
};

// Writes one report. Not thread-safe.
class Renderer {
 public:
  virtual ~Renderer() = default;

  // Takes the next file. Returns what can be written at once; may be empty.
  virtual std::string Add(const FileResult& result) = 0;

  // Returns the rest of the report. Nothing may be added after it.
  virtual std::string Finish() = 0;
};

// One format, as `minos list formats` prints it.
struct FormatInfo {
  std::string_view name;
  std::string_view summary;
  std::unique_ptr<Renderer> (*make)(const RenderOptions& options);
};

// All formats, in the order in which `minos list formats` prints them.
std::span<const FormatInfo> AllFormats();

// A renderer for the format called `name`; InvalidArgument, with the nearest
// name, if there is none.
absl::StatusOr<std::unique_ptr<Renderer>> MakeRenderer(
    std::string_view name, const RenderOptions& options);

}  // namespace minos::report

#endif  // MINOS_REPORT_RENDERER_H_
