#include "cli/json_text.h"

#include <cstddef>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "cli/output.h"

namespace minos::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kColumns = 100;
constexpr size_t kMostBytes = size_t{64} << 20;

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/false,
                   Json::error_handler_t::replace);
}

void LayOut(const Json& json, size_t indent, size_t used, std::string& text) {
  const std::string line = Dump(json);
  const bool is_leaf = !json.is_structured() || json.empty();
  if (is_leaf || indent + used + line.size() <= kColumns) {
    text += line;
    return;
  }
  const std::string inner(indent + 2, ' ');
  text += json.is_object() ? "{\n" : "[\n";
  size_t left = json.size();
  for (const auto& [key, value] : json.items()) {
    text += inner;
    size_t label = 0;
    if (json.is_object()) {
      const std::string name = Dump(Json(key)) + ": ";
      text += name;
      label = name.size();
    }
    LayOut(value, indent + 2, label, text);
    text += --left > 0 ? ",\n" : "\n";
  }
  text += std::string(indent, ' ') + (json.is_object() ? "}" : "]");
}

}  // namespace

std::string LaidOut(std::string_view json) {
  std::string text;
  LayOut(Json::parse(json, nullptr, /*allow_exceptions=*/false), 0, 0, text);
  return text + "\n";
}

absl::StatusOr<std::string> ReadTextFile(const std::string& path) {
  std::ifstream file;
  if (path != "-") {
    file.open(path, std::ios::binary);
    if (!file) {
      return absl::NotFoundError(absl::StrCat(path, ": cannot be read"));
    }
  }
  std::istream& input = path == "-" ? std::cin : file;
  std::string text;
  char buffer[1 << 16];
  while (input.read(buffer, sizeof buffer) || input.gcount() > 0) {
    text.append(buffer, static_cast<size_t>(input.gcount()));
    if (text.size() > kMostBytes) {
      return absl::InvalidArgumentError(absl::StrCat(path, ": is too large"));
    }
  }
  if (input.bad() || (path != "-" && file.bad())) {
    return absl::UnavailableError(absl::StrCat(path, ": cannot be read"));
  }
  return text;
}

absl::Status WriteTextFile(const std::string& path, std::string_view text) {
  absl::StatusOr<Output> output =
      path == "-" ? absl::StatusOr<Output>(Output()) : Output::ToFile(path);
  if (!output.ok()) return output.status();
  absl::Status status = output->Write(text);
  status.Update(output->Close());
  return status;
}

}  // namespace minos::cli
