// Text inside XML and HTML.

#ifndef MINOS_REPORT_XML_H_
#define MINOS_REPORT_XML_H_

#include <string>
#include <string_view>

namespace minos::report {

// `text` for content and for attributes in double quotes. What XML cannot hold
// (control characters, bytes that are not UTF-8) becomes U+FFFD.
std::string EscapeXml(std::string_view text);

}  // namespace minos::report

#endif  // MINOS_REPORT_XML_H_
