// Reading certificates: a tree is built of everything but the steps, which are
// taken out of it as they come.

#include <nlohmann/json.hpp>
#include <utility>

#include "absl/status/status.h"
#include "report/certificate.h"

namespace minos::report {
namespace {

using Json = nlohmann::json;

// How deep in the document these stand: histories, checks and linearizations
// are arrays of objects.
constexpr int kCheckDepth = 4;
constexpr int kStepDepth = 6;

constexpr char kNoCertificate[] =
    "this is no certificate of `minos check --certificate`";

std::string TextOf(const Json& object, const char* field) {
  const auto found = object.find(field);
  return found != object.end() && found->is_string() ? found->get<std::string>()
                                                     : std::string();
}

class Reader {
 public:
  absl::StatusOr<std::vector<CertifiedHistory>> Read(std::istream& in) {
    const Json root = Json::parse(
        in,
        [this](int depth, Json::parse_event_t event, Json& parsed) {
          return event != Json::parse_event_t::object_end ||
                 Keep(depth, parsed);
        },
        /*allow_exceptions=*/false);
    if (root.is_discarded()) {
      return absl::InvalidArgumentError(
          "this is not JSON, or not all of it is there");
    }
    if (is_broken_ || !root.is_object() ||
        TextOf(root, "schema") != "minos.certificate/1" ||
        !root.contains("histories") || !root["histories"].is_array()) {
      return absl::InvalidArgumentError(kNoCertificate);
    }
    return Histories(root["histories"]);
  }

 private:
  // Takes steps and checks out of the tree.
  bool Keep(int depth, const Json& parsed) {
    if (depth == kStepDepth) {
      const auto operation = parsed.find("operation");
      if (operation == parsed.end() || !operation->is_number_unsigned()) {
        is_broken_ = true;
      } else {
        steps_.push_back(
            {operation->get<uint64_t>(),
             parsed.dump(-1, ' ', false, Json::error_handler_t::replace)});
      }
      return false;
    }
    if (depth == kCheckDepth) {
      const auto order = parsed.find("linearization");
      // What is left of it is not made of steps.
      if (order == parsed.end() || !order->is_array() || !order->empty()) {
        is_broken_ = true;
      }
      checks_.push_back({TextOf(parsed, "consistency"), TextOf(parsed, "model"),
                         TextOf(parsed, "keys"), TextOf(parsed, "initial"),
                         std::exchange(steps_, {})});
    }
    return true;
  }

  absl::StatusOr<std::vector<CertifiedHistory>> Histories(const Json& list) {
    std::vector<CertifiedHistory> histories;
    size_t next = 0;
    for (const Json& each : list) {
      const auto checks = each.is_object() ? each.find("checks") : each.end();
      if (!each.is_object() || checks == each.end() || !checks->is_array() ||
          checks->size() > checks_.size() - next) {
        return absl::InvalidArgumentError(kNoCertificate);
      }
      CertifiedHistory history;
      history.file = TextOf(each, "file");
      for (size_t i = 0; i < checks->size(); ++i) {
        history.checks.push_back(std::move(checks_[next++]));
      }
      histories.push_back(std::move(history));
    }
    if (next != checks_.size()) {
      return absl::InvalidArgumentError(kNoCertificate);
    }
    return histories;
  }

  std::vector<CertificateStep> steps_;  // of the check being read
  std::vector<CertifiedCheck> checks_;  // in the order of the document
  bool is_broken_ = false;
};

}  // namespace

absl::StatusOr<std::vector<CertifiedHistory>> ReadCertificate(
    std::istream& in) {
  return Reader().Read(in);
}

}  // namespace minos::report
