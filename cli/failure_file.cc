#include "cli/failure_file.h"

#include <cctype>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/json_text.h"
#include "generators/recipe_json.h"
#include "history/hash.h"
#include "history/write.h"
#include "report/words.h"

namespace minos::cli {
namespace {

using Json = nlohmann::ordered_json;

Json SizeJson(const RecipeSize& size) {
  return {{"operations", size.operations},
          {"clients", size.clients},
          {"nodes", size.nodes},
          {"faults", size.faults}};
}

size_t NumberOf(const Json& object, const char* name) {
  const auto found = object.find(name);
  const bool fits = found != object.end() && found->is_number_unsigned();
  return fits ? found->get<size_t>() : 0;
}

std::string TextOf(const Json& object, const char* name) {
  const auto found = object.find(name);
  const bool fits = found != object.end() && found->is_string();
  return fits ? found->get<std::string>() : "";
}

const Json& ObjectOf(const Json& object, const char* name) {
  static const Json* const kNone = new Json(Json::object());
  const auto found = object.find(name);
  return found != object.end() && found->is_object() ? *found : *kNone;
}

RecipeSize SizeFrom(const Json& json) {
  return {NumberOf(json, "operations"), NumberOf(json, "clients"),
          NumberOf(json, "nodes"), NumberOf(json, "faults")};
}

template <typename Take>
void ForEachPiece(const history::History& history, const Take& take) {
  // Writing to memory in a format that is written cannot fail.
  history::WriteHistory(history, history::Format::kJsonLines,
                        [&take](std::string_view piece) {
                          take(piece);
                          return absl::OkStatus();
                        })
      .IgnoreError();
}

}  // namespace

RecipeSize SizeOf(const generators::Recipe& recipe) {
  return {generators::CountOperations(recipe), generators::CountClients(recipe),
          static_cast<size_t>(recipe.nodes), recipe.faults.size()};
}

std::string SizeText(const RecipeSize& size) {
  return absl::StrCat(report::Count(size.operations, "operation", "operations"),
                      ", ", report::Count(size.clients, "client", "clients"),
                      ", ", report::Count(size.nodes, "node", "nodes"), ", ",
                      report::Count(size.faults, "fault", "faults"));
}

std::string FingerprintOf(const history::History& history) {
  uint64_t first = 1;
  uint64_t second = 2;
  ForEachPiece(history, [&](std::string_view piece) {
    for (char c : piece) {
      const auto byte = static_cast<uint8_t>(c);
      first = CombineHash(first, byte);
      second = CombineHash(second, byte);
    }
  });
  return absl::StrFormat("%016x%016x", first, second);
}

size_t CountEvents(const history::History& history) {
  size_t lines = 0;
  ForEachPiece(history, [&lines](std::string_view piece) {
    for (char c : piece) lines += c == '\n' ? 1 : 0;
  });
  return lines;
}

std::string FailureToJson(const Failure& failure) {
  Json json;
  json["schema"] = kFailureSchema;
  json["minos"] = failure.version;
  json["broken"] = {{"consistency", failure.consistency},
                    {"kind", failure.kind},
                    {"summary", failure.summary},
                    {"promised", failure.is_promised}};
  json["found"] = {{"seed", failure.seed}};
  json["found"].update(SizeJson(failure.found));
  if (failure.shrinking) {
    json["shrunk"] = SizeJson(SizeOf(failure.recipe));
    json["shrunk"]["runs"] = failure.shrinking->runs;
    json["shrunk"]["minimal"] = failure.shrinking->is_minimal;
  }
  json["history"] = {{"events", failure.events},
                     {"fingerprint", failure.fingerprint}};
  json["recipe"] = Json::parse(generators::RecipeToJson(failure.recipe),
                               nullptr, /*allow_exceptions=*/false);
  return LaidOut(json.dump(-1, ' ', /*ensure_ascii=*/false,
                           Json::error_handler_t::replace));
}

absl::StatusOr<Failure> FailureFromJson(std::string_view text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || TextOf(json, "schema") != kFailureSchema) {
    return absl::InvalidArgumentError(
        absl::StrCat("not a saved failure: its \"schema\" must be \"",
                     kFailureSchema, "\""));
  }
  Failure failure;
  failure.version = TextOf(json, "minos");
  const Json& broken = ObjectOf(json, "broken");
  failure.consistency = TextOf(broken, "consistency");
  if (failure.consistency.empty()) {
    return absl::InvalidArgumentError(
        "\"broken\" does not say which \"consistency\"");
  }
  failure.kind = TextOf(broken, "kind");
  failure.summary = TextOf(broken, "summary");
  failure.is_promised = broken.value("promised", Json()) != false;
  const Json& found = ObjectOf(json, "found");
  failure.seed = NumberOf(found, "seed");
  failure.found = SizeFrom(found);
  if (const Json& shrunk = ObjectOf(json, "shrunk"); !shrunk.empty()) {
    failure.shrinking = Failure::Shrinking{
        NumberOf(shrunk, "runs"), shrunk.value("minimal", Json()) == true};
  }
  failure.events = NumberOf(ObjectOf(json, "history"), "events");
  failure.fingerprint = TextOf(ObjectOf(json, "history"), "fingerprint");
  auto recipe = generators::RecipeFromJson(ObjectOf(json, "recipe").dump());
  if (!recipe.ok()) return recipe.status();
  failure.recipe = *std::move(recipe);
  return failure;
}

absl::Status SaveFailure(const Failure& failure, const std::string& path) {
  return WriteTextFile(path, FailureToJson(failure));
}

absl::StatusOr<Failure> LoadFailure(const std::string& path) {
  auto text = ReadTextFile(path);
  if (!text.ok()) return text.status();
  auto failure = FailureFromJson(*text);
  if (failure.ok()) return failure;
  return absl::Status(
      failure.status().code(),
      absl::StrCat(path, ": ", std::string(failure.status().message())));
}

std::string FailureFileName(const Failure& failure) {
  std::string name = failure.recipe.target;
  for (const std::string& bug : failure.recipe.bugs) {
    absl::StrAppend(&name, "-", bug);
  }
  absl::StrAppend(&name, "-", failure.consistency, "-seed-", failure.seed,
                  ".json");
  // A parameter of a consistency may have other characters.
  for (char& c : name) {
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.') c = '-';
  }
  return name;
}

}  // namespace minos::cli
