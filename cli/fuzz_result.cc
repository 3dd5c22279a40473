#include "cli/fuzz_result.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/json_text.h"
#include "report/words.h"

namespace minos::cli {
namespace {

using report::Finding;
using Json = nlohmann::ordered_json;

Json Parsed(std::string_view text) {
  return Json::parse(text, nullptr, /*allow_exceptions=*/false);
}

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/false,
                   Json::error_handler_t::replace);
}

Json CampaignJson(const CampaignRecord& campaign) {
  Json json = {{"target", campaign.target},
               {"bugs", campaign.bugs},
               {"seed", campaign.seed},
               {"planned", campaign.planned},
               {"runs", campaign.runs},
               {"broken_runs", campaign.broken_runs},
               {"unknown_runs", campaign.unknown_runs},
               {"unjudged_runs", campaign.unjudged_runs},
               {"keep_going", campaign.keep_going},
               {"cut_short", campaign.is_cut_short},
               {"verdict", std::string(ToString(FindingOf(campaign)))},
               {"findings", Json::array()}};
  for (const FoundFailure& found : campaign.findings) {
    Json finding = {{"run", nullptr},
                    {"seed", found.failure.seed},
                    {"failure", Parsed(FailureToJson(found.failure))}};
    if (found.run) finding["run"] = *found.run;
    json["findings"].push_back(std::move(finding));
  }
  return json;
}

// How many campaigns had bugs planted, and in how many of these they showed.
struct BugTally {
  size_t planted = 0;
  size_t found = 0;
};

BugTally CountBugs(const FuzzResult& result) {
  BugTally tally;
  for (const CampaignRecord& campaign : result.campaigns) {
    if (campaign.bugs.empty()) continue;
    ++tally.planted;
    if (!campaign.findings.empty()) ++tally.found;
  }
  return tally;
}

// The campaign that the head of the result speaks of.
const CampaignRecord* Leading(const FuzzResult& result) {
  for (const CampaignRecord& campaign : result.campaigns) {
    if (!campaign.findings.empty()) return &campaign;
  }
  return result.campaigns.empty() ? nullptr : &result.campaigns.front();
}

bool IsOneTarget(const FuzzResult& result) {
  return std::all_of(result.campaigns.begin(), result.campaigns.end(),
                     [&result](const CampaignRecord& campaign) {
                       return campaign.target ==
                              result.campaigns.front().target;
                     });
}

void AddHead(const FuzzResult& result, Json& json) {
  const CampaignRecord* leading = Leading(result);
  size_t runs = 0;
  for (const CampaignRecord& campaign : result.campaigns) {
    runs += campaign.runs;
  }
  json["target"] = nullptr;
  json["seed"] = nullptr;
  if (leading != nullptr && !leading->findings.empty()) {
    json["target"] = leading->target;
    json["seed"] = leading->findings.front().failure.seed;
  } else if (leading != nullptr && IsOneTarget(result)) {
    json["target"] = leading->target;
    json["seed"] =
        leading->seed + (leading->planned > 0 ? leading->planned - 1 : 0);
  }
  json["runs"] = runs;
}

// Members of a JSON object, or what stands for those that are absent.
size_t Number(const Json& object, const char* name) {
  const auto found = object.find(name);
  const bool fits = found != object.end() && found->is_number_unsigned();
  return fits ? found->get<size_t>() : 0;
}

bool Flag(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && *found == true;
}

Json Array(const Json& object, const char* name) {
  const auto found = object.find(name);
  const bool fits = found != object.end() && found->is_array();
  return fits ? *found : Json::array();
}

std::vector<size_t> Numbers(const Json& object, const char* name) {
  std::vector<size_t> numbers;
  for (const Json& number : Array(object, name)) {
    if (number.is_number_unsigned()) numbers.push_back(number.get<size_t>());
  }
  return numbers;
}

absl::StatusOr<CampaignRecord> ReadCampaign(const Json& json,
                                            const Json& histories,
                                            size_t& next_history) {
  CampaignRecord campaign;
  if (!json.is_object() || !json.value("target", Json()).is_string()) {
    return absl::InvalidArgumentError("a campaign has no \"target\"");
  }
  campaign.target = json["target"].get<std::string>();
  for (const Json& bug : Array(json, "bugs")) {
    if (bug.is_string()) campaign.bugs.push_back(bug.get<std::string>());
  }
  campaign.seed = Number(json, "seed");
  campaign.planned = Number(json, "planned");
  campaign.runs = Number(json, "runs");
  campaign.broken_runs = Number(json, "broken_runs");
  campaign.unknown_runs = Numbers(json, "unknown_runs");
  campaign.unjudged_runs = Numbers(json, "unjudged_runs");
  campaign.keep_going = Flag(json, "keep_going");
  campaign.is_cut_short = Flag(json, "cut_short");
  for (const Json& entry : Array(json, "findings")) {
    if (!entry.is_object()) {
      return absl::InvalidArgumentError("a finding is no object");
    }
    FoundFailure found;
    if (entry.value("run", Json()).is_number_unsigned()) {
      found.run = Number(entry, "run");
    }
    auto failure = FailureFromJson(Dump(entry.value("failure", Json())));
    if (!failure.ok()) return failure.status();
    found.failure = *std::move(failure);
    const size_t index = next_history++;
    if (index < histories.size()) found.history = Dump(histories[index]);
    campaign.findings.push_back(std::move(found));
  }
  return campaign;
}

// The order in which one process would have come upon failures.
bool ComesBefore(const FoundFailure& a, const FoundFailure& b) {
  if (a.run.has_value() != b.run.has_value()) return !a.run.has_value();
  if (a.run.has_value() && a.run != b.run) return *a.run < *b.run;
  return false;
}

bool IsSameKind(const FoundFailure& a, const FoundFailure& b) {
  return a.failure.consistency == b.failure.consistency &&
         a.failure.kind == b.failure.kind;
}

// The campaigns of all shards as one.
CampaignRecord MergeCampaigns(std::vector<CampaignRecord> parts) {
  CampaignRecord all = parts.front();
  all.runs = 0;
  all.broken_runs = 0;
  all.unknown_runs.clear();
  all.unjudged_runs.clear();
  all.findings.clear();
  std::vector<FoundFailure> found;
  for (CampaignRecord& part : parts) {
    all.runs += part.runs;
    all.broken_runs += part.broken_runs;
    all.is_cut_short |= part.is_cut_short;
    all.unknown_runs.insert(all.unknown_runs.end(), part.unknown_runs.begin(),
                            part.unknown_runs.end());
    all.unjudged_runs.insert(all.unjudged_runs.end(),
                             part.unjudged_runs.begin(),
                             part.unjudged_runs.end());
    std::move(part.findings.begin(), part.findings.end(),
              std::back_inserter(found));
  }
  std::sort(all.unknown_runs.begin(), all.unknown_runs.end());
  std::sort(all.unjudged_runs.begin(), all.unjudged_runs.end());
  std::stable_sort(found.begin(), found.end(), ComesBefore);
  for (FoundFailure& each : found) {
    const bool is_known = std::any_of(
        all.findings.begin(), all.findings.end(),
        [&each](const FoundFailure& other) { return IsSameKind(each, other); });
    const bool is_wanted = all.keep_going || all.findings.empty();
    if (is_wanted && !is_known) all.findings.push_back(std::move(each));
  }
  if (all.keep_going || all.findings.empty()) return all;
  // One process would have stopped at the first finding.
  const FoundFailure& first = all.findings.front();
  const size_t runs = first.run ? *first.run + 1 : 0;
  all.broken_runs = 1;
  if (!all.is_cut_short) all.runs = runs;
  const auto is_later = [runs](size_t run) { return run >= runs; };
  std::erase_if(all.unknown_runs, is_later);
  std::erase_if(all.unjudged_runs, is_later);
  return all;
}

std::string CampaignName(const CampaignRecord& campaign) {
  if (campaign.bugs.empty()) return campaign.target;
  return absl::StrCat(campaign.target, " with ",
                      absl::StrJoin(campaign.bugs, ", "));
}

std::string FoundText(const FoundFailure& found, bool quiet) {
  const Failure& failure = found.failure;
  std::string text =
      absl::StrCat("  ", failure.consistency, ": ",
                   found.run ? absl::StrCat("run ", *found.run + 1)
                             : std::string("from the corpus"),
                   " (seed ", failure.seed, ")");
  if (failure.shrinking) {
    absl::StrAppend(
        &text, ", shrunk in ",
        report::Count(failure.shrinking->runs, "run", "runs"), "\n    from ",
        SizeText(failure.found), "\n    to   ",
        SizeText(SizeOf(failure.recipe)),
        failure.shrinking->is_minimal ? "" : " (stopped by a limit)");
  } else {
    absl::StrAppend(&text, ", ", SizeText(failure.found));
  }
  absl::StrAppend(&text, "\n");
  if (!found.saved_as.empty()) {
    absl::StrAppend(&text, "    minos replay ", found.saved_as, "\n");
  }
  if (!quiet && !found.explanation.empty()) {
    absl::StrAppend(&text, "\n", found.explanation, "\n");
  }
  return text;
}

}  // namespace

Finding FindingOf(const CampaignRecord& campaign) {
  if (!campaign.findings.empty()) return Finding::kViolation;
  const bool is_open = !campaign.unknown_runs.empty() ||
                       (campaign.is_cut_short && campaign.runs == 0);
  return is_open ? Finding::kUnknown : Finding::kValid;
}

Finding FindingOf(const FuzzResult& result) {
  Finding worst = Finding::kValid;
  for (const CampaignRecord& campaign : result.campaigns) {
    worst = report::Combine(worst, FindingOf(campaign));
  }
  return worst;
}

std::string FuzzToJson(const FuzzResult& result) {
  Json json;
  json["schema"] = kFuzzSchema;
  json["verdict"] = std::string(ToString(FindingOf(result)));
  AddHead(result, json);
  if (!result.shard.is_whole()) json["shard"] = ShardText(result.shard);
  const BugTally bugs = CountBugs(result);
  json["bugs"] = {{"planted", bugs.planted}, {"found", bugs.found}};
  json["campaigns"] = Json::array();
  json["histories"] = Json::array();
  for (const CampaignRecord& campaign : result.campaigns) {
    json["campaigns"].push_back(CampaignJson(campaign));
    for (const FoundFailure& found : campaign.findings) {
      json["histories"].push_back(Parsed(found.history));
    }
  }
  return LaidOut(Dump(json));
}

absl::StatusOr<FuzzResult> FuzzFromJson(std::string_view text) {
  const Json json = Parsed(text);
  if (!json.is_object() || json.value("schema", Json()) != kFuzzSchema) {
    return absl::InvalidArgumentError(absl::StrCat(
        "its \"schema\" must be \"", std::string(kFuzzSchema), "\""));
  }
  FuzzResult result;
  if (json.value("shard", Json()).is_string()) {
    auto shard = ParseShard(json["shard"].get<std::string>());
    if (!shard.ok()) return shard.status();
    result.shard = *shard;
  }
  const Json histories = Array(json, "histories");
  size_t next_history = 0;
  for (const Json& entry : Array(json, "campaigns")) {
    auto campaign = ReadCampaign(entry, histories, next_history);
    if (!campaign.ok()) return campaign.status();
    result.campaigns.push_back(*std::move(campaign));
  }
  return result;
}

absl::StatusOr<FuzzResult> MergeFuzz(std::vector<FuzzResult> shards) {
  FuzzResult merged;
  std::vector<Shard> names;
  for (const FuzzResult& shard : shards) names.push_back(shard.shard);
  if (absl::Status status = CheckComplete(names); !status.ok()) return status;
  const size_t count = shards.front().campaigns.size();
  for (size_t i = 0; i < count; ++i) {
    std::vector<CampaignRecord> parts;
    for (FuzzResult& shard : shards) {
      const CampaignRecord& first = shards.front().campaigns[i];
      const bool fits = shard.campaigns.size() == count &&
                        shard.campaigns[i].target == first.target &&
                        shard.campaigns[i].bugs == first.bugs &&
                        shard.campaigns[i].seed == first.seed &&
                        shard.campaigns[i].planned == first.planned &&
                        shard.campaigns[i].keep_going == first.keep_going;
      if (!fits) {
        return absl::InvalidArgumentError(
            "the shards are not of one campaign: their targets, bugs, seeds, "
            "runs and --keep-going must be the same");
      }
    }
    for (FuzzResult& shard : shards) {
      parts.push_back(std::move(shard.campaigns[i]));
    }
    merged.campaigns.push_back(MergeCampaigns(std::move(parts)));
  }
  return merged;
}

std::string FuzzText(const FuzzResult& result, bool quiet) {
  std::string text;
  for (const CampaignRecord& campaign : result.campaigns) {
    absl::StrAppend(&text, CampaignName(campaign), ": ",
                    std::string(ToString(FindingOf(campaign))), ", ",
                    report::Count(campaign.runs, "run", "runs"),
                    campaign.is_cut_short ? " (cut short)" : "");
    if (campaign.keep_going && campaign.broken_runs > 0) {
      absl::StrAppend(&text, ", ", campaign.broken_runs, " broken");
    }
    if (!campaign.unknown_runs.empty()) {
      absl::StrAppend(&text, ", ", campaign.unknown_runs.size(), " unknown");
    }
    if (!campaign.unjudged_runs.empty()) {
      absl::StrAppend(&text, ", ", campaign.unjudged_runs.size(),
                      " not judged");
    }
    absl::StrAppend(&text, "\n");
    for (const FoundFailure& found : campaign.findings) {
      absl::StrAppend(&text, FoundText(found, quiet));
    }
  }
  const BugTally bugs = CountBugs(result);
  if (bugs.planted > 1) {
    absl::StrAppend(&text, bugs.found, " of ", bugs.planted,
                    " planted bugs found\n");
  }
  return text;
}

}  // namespace minos::cli
