#include "history/value_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

#include "history/edn_character.h"

namespace minos::history {
namespace {

constexpr std::string_view kEllipsis = "…";
constexpr std::string_view kHexDigits = "0123456789abcdef";

void AppendInteger(int64_t value, std::string& out) {
  std::array<char, 24> buffer;
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  out.append(buffer.data(), end);
}

// The shortest text that reads back as the same float, marked as one.
void AppendFinite(double value, std::string& out) {
  std::array<char, 40> buffer;
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  const std::string_view text(buffer.data(), end - buffer.data());
  out.append(text);
  if (text.find_first_of(".e") == std::string_view::npos) out.append(".0");
}

void AppendUnicodeEscape(unsigned char c, std::string& out) {
  out.append("\\u00");
  out.push_back(kHexDigits[c >> 4]);
  out.push_back(kHexDigits[c & 15]);
}

// The escapes that EDN and JSON have in common.
void AppendQuoted(std::string_view text, std::string& out) {
  out.push_back('"');
  for (const char c : text) {
    switch (c) {
      case '"':
        out.append("\\\"");
        break;
      case '\\':
        out.append("\\\\");
        break;
      case '\n':
        out.append("\\n");
        break;
      case '\r':
        out.append("\\r");
        break;
      case '\t':
        out.append("\\t");
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          AppendUnicodeEscape(static_cast<unsigned char>(c), out);
        } else {
          out.push_back(c);
        }
    }
  }
  out.push_back('"');
}

void AppendEdnCharacter(std::string_view character, std::string& out) {
  out.push_back('\\');
  const unsigned char c = character.front();
  for (const NamedCharacter& named : kNamedCharacters) {
    if (named.character != static_cast<char>(c)) continue;
    out.append(named.name);
    return;
  }
  if (c < 0x20 || c == ',' || c == 0x7F) {
    out.append("u00");
    out.push_back(kHexDigits[c >> 4]);
    out.push_back(kHexDigits[c & 15]);
  } else {
    out.append(character);
  }
}

void AppendEdnSequence(const ValueTable& values, ValueId value,
                       std::string_view open, std::string_view close,
                       std::string& out) {
  out.append(open);
  std::string_view separator;
  for (ValueId element : values.elements(value)) {
    out.append(separator);
    AppendEdn(values, element, out);
    separator = " ";
  }
  out.append(close);
}

void AppendEdnMap(const ValueTable& values, ValueId value, std::string& out) {
  const auto entries = values.elements(value);
  out.push_back('{');
  for (size_t i = 0; i < entries.size(); i += 2) {
    if (i > 0) out.append(", ");
    AppendEdn(values, entries[i], out);
    out.push_back(' ');
    AppendEdn(values, entries[i + 1], out);
  }
  out.push_back('}');
}

void AppendEdnFloat(double value, std::string& out) {
  if (std::isfinite(value)) {
    AppendFinite(value, out);
  } else if (std::isnan(value)) {
    out.append("##NaN");
  } else {
    out.append(value > 0 ? "##Inf" : "##-Inf");
  }
}

void AppendJsonMap(const ValueTable& values, ValueId value, std::string& out) {
  const auto entries = values.elements(value);
  out.push_back('{');
  for (size_t i = 0; i < entries.size(); i += 2) {
    if (i > 0) out.push_back(',');
    AppendJsonKey(values, entries[i], out);
    out.push_back(':');
    AppendJson(values, entries[i + 1], out);
  }
  out.push_back('}');
}

void AppendJsonArray(const ValueTable& values, ValueId value,
                     std::string& out) {
  out.push_back('[');
  std::string_view separator;
  for (ValueId element : values.elements(value)) {
    out.append(separator);
    AppendJson(values, element, out);
    separator = ",";
  }
  out.push_back(']');
}

// Cuts `text` to at most `length` bytes, at the border of a character.
std::string_view Prefix(std::string_view text, size_t length) {
  if (text.size() <= length) return text;
  while (length > 0 && (text[length] & 0xC0) == 0x80) --length;
  return text.substr(0, length);
}

}  // namespace

void AppendJsonKey(const ValueTable& values, ValueId key, std::string& out) {
  if (values.kind(key) == ValueKind::kString) {
    AppendQuoted(values.text(key), out);
    return;
  }
  std::string text;
  AppendEdn(values, key, text);
  AppendQuoted(text, out);
}

bool IsKeywordName(std::string_view name) {
  constexpr std::string_view kAllowed = ".*+!-_?$%&=<>/'#:|";
  if (name.empty() || name.front() == ':') return false;
  return std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || (c & 0x80) != 0 ||
           kAllowed.find(c) != std::string_view::npos;
  });
}

void AppendEdn(const ValueTable& values, ValueId value, std::string& out) {
  switch (values.kind(value)) {
    case ValueKind::kNil:
      out.append("nil");
      break;
    case ValueKind::kBool:
      out.append(value == kTrue ? "true" : "false");
      break;
    case ValueKind::kInteger:
      AppendInteger(values.integer(value), out);
      break;
    case ValueKind::kFloat:
      AppendEdnFloat(values.real(value), out);
      break;
    case ValueKind::kString:
      if (values.is_keyword(value) && IsKeywordName(values.text(value))) {
        out.push_back(':');
        out.append(values.text(value));
      } else {
        AppendQuoted(values.text(value), out);
      }
      break;
    case ValueKind::kBigInteger:
      out.append(values.text(value));
      out.push_back('N');
      break;
    case ValueKind::kCharacter:
      AppendEdnCharacter(values.text(value), out);
      break;
    case ValueKind::kSymbol:
    case ValueKind::kRatio:
      out.append(values.text(value));
      break;
    case ValueKind::kList:
      AppendEdnSequence(values, value, "[", "]", out);
      break;
    case ValueKind::kSet:
      AppendEdnSequence(values, value, "#{", "}", out);
      break;
    case ValueKind::kMap:
      AppendEdnMap(values, value, out);
      break;
  }
}

void AppendJson(const ValueTable& values, ValueId value, std::string& out) {
  switch (values.kind(value)) {
    case ValueKind::kNil:
      out.append("null");
      break;
    case ValueKind::kBool:
      out.append(value == kTrue ? "true" : "false");
      break;
    case ValueKind::kInteger:
      AppendInteger(values.integer(value), out);
      break;
    case ValueKind::kFloat:
      if (std::isfinite(values.real(value))) {
        AppendFinite(values.real(value), out);
      } else {
        out.append("null");
      }
      break;
    case ValueKind::kBigInteger:
      out.append(values.text(value));
      break;
    case ValueKind::kString:
    case ValueKind::kCharacter:
    case ValueKind::kSymbol:
    case ValueKind::kRatio:
      AppendQuoted(values.text(value), out);
      break;
    case ValueKind::kList:
    case ValueKind::kSet:
      AppendJsonArray(values, value, out);
      break;
    case ValueKind::kMap:
      AppendJsonMap(values, value, out);
      break;
  }
}

std::string ToShortText(const ValueTable& values, ValueId value,
                        size_t max_length) {
  if (value == kNoValue) return "?";
  std::string text;
  AppendEdn(values, value, text);
  if (text.size() <= max_length) return text;
  const size_t half = max_length / 2;
  std::string_view tail = std::string_view(text).substr(text.size() - half);
  while (!tail.empty() && (tail.front() & 0xC0) == 0x80) tail.remove_prefix(1);
  std::string shortened(Prefix(text, half));
  shortened.append(kEllipsis).append(tail);
  return shortened;
}

}  // namespace minos::history
