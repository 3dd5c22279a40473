// Colours for a terminal, or none.

#ifndef MINOS_REPORT_STYLE_H_
#define MINOS_REPORT_STYLE_H_

#include <string>
#include <string_view>

namespace minos::report {

// Wraps text in ANSI escape sequences; where colours are off, returns it as it
// is.
class Style {
 public:
  explicit Style(bool colored = false) : colored_(colored) {}

  bool colored() const { return colored_; }

  std::string Bold(std::string_view text) const { return Wrap("1", text); }
  std::string Dim(std::string_view text) const { return Wrap("2", text); }
  std::string Red(std::string_view text) const { return Wrap("1;31", text); }
  std::string Green(std::string_view text) const { return Wrap("1;32", text); }
  std::string Yellow(std::string_view text) const { return Wrap("1;33", text); }

 private:
  std::string Wrap(std::string_view codes, std::string_view text) const {
    if (!colored_ || text.empty()) return std::string(text);
    std::string wrapped("\x1b[");
    wrapped.append(codes).append("m").append(text).append("\x1b[0m");
    return wrapped;
  }

  bool colored_;
};

}  // namespace minos::report

#endif  // MINOS_REPORT_STYLE_H_
