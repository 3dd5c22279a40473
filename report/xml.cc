#include "report/xml.h"

#include <algorithm>

#include "history/utf8.h"

namespace minos::report {
namespace {

constexpr std::string_view kReplacement = "\uFFFD";

void AppendEscaped(char c, std::string& out) {
  switch (c) {
    case '&':
      out.append("&amp;");
      return;
    case '<':
      out.append("&lt;");
      return;
    case '>':
      out.append("&gt;");
      return;
    case '"':
      out.append("&quot;");
      return;
    case '\'':
      out.append("&#39;");
      return;
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(c);
  const bool is_control =
      (byte < 0x20 && c != '\n' && c != '\t' && c != '\r') || byte == 0x7F;
  if (is_control) {
    out.append(kReplacement);
  } else {
    out.push_back(c);
  }
}

}  // namespace

std::string EscapeXml(std::string_view text) {
  std::string escaped;
  while (!text.empty()) {
    const size_t valid = std::min(history::FindInvalidUtf8(text), text.size());
    for (const char c : text.substr(0, valid)) AppendEscaped(c, escaped);
    text.remove_prefix(valid);
    if (text.empty()) break;
    escaped.append(kReplacement);
    text.remove_prefix(1);
  }
  return escaped;
}

}  // namespace minos::report
