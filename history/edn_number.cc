#include "history/edn_number.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <numeric>
#include <optional>
#include <system_error>

namespace minos::history {
namespace {

// So many decimal digits surely fit 64 bits.
constexpr size_t kSafeDigits = 18;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool AllDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit);
}

// All of `text` as an integer of 64 bits, if it fits.
std::optional<int64_t> ParseInt64(std::string_view text, int base = 10) {
  if (text.starts_with('+')) text.remove_prefix(1);
  int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value, base);
  if (error != std::errc() || rest != end) return std::nullopt;
  return value;
}

// `digits` are all digits; `token` is the whole with its sign.
bool ParseDecimal(std::string_view token, std::string_view digits,
                  ValueTable& values, LazyValue& number, std::string& error) {
  if (digits.size() > 1 && digits.front() == '0') {
    error = "an integer must not begin with 0";
    return false;
  }
  if (digits.size() <= kSafeDigits) {
    int64_t value = 0;
    for (char digit : digits) value = value * 10 + (digit - '0');
    number = LazyValue::Integer(token.front() == '-' ? -value : value);
    return true;
  }
  if (const auto value = ParseInt64(token)) {
    number = LazyValue::Integer(*value);
    return true;
  }
  if (token.front() == '+') token.remove_prefix(1);
  number = LazyValue::Interned(values.Text(ValueKind::kBigInteger, token));
  return true;
}

bool ParseHexadecimal(bool negative, std::string_view digits, LazyValue& number,
                      std::string& error) {
  const auto value = ParseInt64(digits, 16);
  if (!value || !std::isxdigit(static_cast<unsigned char>(digits.front()))) {
    error = "a hexadecimal integer must have digits and fit 64 bits";
    return false;
  }
  number = LazyValue::Integer(negative ? -*value : *value);
  return true;
}

bool ParseRatio(std::string_view token, size_t slash, ValueTable& values,
                LazyValue& number, std::string& error) {
  const std::string_view below = token.substr(slash + 1);
  const auto numerator = ParseInt64(token.substr(0, slash));
  const auto denominator = ParseInt64(below);
  if (!numerator || !denominator || !AllDigits(below)) {
    error = "a ratio must be of two integers that fit 64 bits";
    return false;
  }
  if (*denominator == 0) {
    error = "the denominator of a ratio must not be 0";
    return false;
  }
  // Of the magnitudes as unsigned, since -2^63 has no positive counterpart.
  const uint64_t magnitude =
      *numerator < 0 ? uint64_t{0} - static_cast<uint64_t>(*numerator)
                     : static_cast<uint64_t>(*numerator);
  const auto divisor = static_cast<int64_t>(
      std::gcd(magnitude, static_cast<uint64_t>(*denominator)));
  const int64_t reduced = *numerator / divisor;
  if (*denominator == divisor) {
    number = LazyValue::Integer(reduced);
    return true;
  }
  number = LazyValue::Interned(values.Text(
      ValueKind::kRatio,
      std::to_string(reduced) + "/" + std::to_string(*denominator / divisor)));
  return true;
}

bool ParseFloat(std::string_view token, ValueTable& values, LazyValue& number,
                std::string& error) {
  if (token.ends_with('M')) token.remove_suffix(1);
  if (token.starts_with('+')) token.remove_prefix(1);
  double value = 0;
  const char* const end = token.data() + token.size();
  const auto [rest, code] = std::from_chars(token.data(), end, value);
  if (rest != end || !IsDigit(token.back() == '.' ? '0' : token.back())) {
    error = "not a number";
    return false;
  }
  if (code != std::errc()) {
    error = "the float does not fit 64 bits";
    return false;
  }
  number = LazyValue::Interned(values.Float(value));
  return true;
}

}  // namespace

bool ParseEdnNumber(std::string_view token, ValueTable& values,
                    LazyValue& number, std::string& error) {
  const bool has_sign = token.front() == '-' || token.front() == '+';
  std::string_view digits = token.substr(has_sign ? 1 : 0);
  if (AllDigits(digits)) {
    return ParseDecimal(token, digits, values, number, error);
  }
  if (digits.ends_with('N') && AllDigits(digits.substr(0, digits.size() - 1))) {
    token.remove_suffix(1);
    digits.remove_suffix(1);
    return ParseDecimal(token, digits, values, number, error);
  }
  if (digits.size() > 2 &&
      (digits.starts_with("0x") || digits.starts_with("0X"))) {
    return ParseHexadecimal(token.front() == '-', digits.substr(2), number,
                            error);
  }
  if (const size_t slash = token.find('/'); slash != std::string_view::npos) {
    return ParseRatio(token, slash, values, number, error);
  }
  return ParseFloat(token, values, number, error);
}

}  // namespace minos::history
