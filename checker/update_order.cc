// "Every earlier update of the session" would be quadratically many edges. A
// spine makes them linear: each step gets an auxiliary vertex that stands for
// all that came before it,
//
//   w1 ─┐      w2 ─┐
//       └▶ s2 ────▶└▶ s3 ─▶ …      and s3 ─▶ w3
//
// so that w1 and w2 reach w3 through s3, and a path through a spine is one
// demand. The same with intervals in place of steps (sorted by their ends)
// gives real time: what ended before w was called is a prefix.

#include "checker/update_order.h"

#include <algorithm>
#include <utility>

namespace minos::checker {

namespace {

class Builder {
 public:
  Builder(const SessionHistory& steps, RuleSet rules,
          const std::vector<bool>* relevant, bool direct, OrderSink& sink)
      : steps_(steps),
        rules_(rules),
        relevant_(relevant),
        direct_(direct || !steps.crossings.empty()),
        sink_(sink),
        next_vertex_(steps.size()) {}

  Vertex Build() {
    const bool writes = Has(rules_, kWritesInOrder);
    if (writes && direct_) {
      AddSpine(OrderReason::kSessionWrites);
    } else if (writes) {
      LinkWrites();
    }
    if (Has(rules_, kWritesAfterReads)) {
      if (writes && !direct_) {
        LinkReads();
      } else {
        AddSpine(OrderReason::kReadBefore);
      }
    }
    if (Has(rules_, kSessionArbitration) && !writes) AddSessionKeys();
    if (Has(rules_, kRealTimeArbitration)) AddRealTime();
    if (Has(rules_, kVersionArbitration)) AddVersions();
    return next_vertex_;
  }

 private:
  bool IsRelevant(Step update) const {
    return relevant_ == nullptr || (*relevant_)[update];
  }
  void Add(Vertex from, Vertex to, OrderReason reason, Step witness = kNoStep) {
    sink_.Add({from, to, witness, reason});
  }

  void LinkWrites();
  void LinkReads();
  void AddSpine(OrderReason reason);
  bool MattersTo(OrderReason reason, Step step) const;
  void Contribute(OrderReason reason, Step step, Vertex spine);
  void AddSessionKeys();
  void AddRealTime();
  void AddIntervals(std::vector<Step>& updates, OrderReason reason);
  void AddVersions();
  std::vector<std::vector<Step>> UpdatesByKey() const;

  const SessionHistory& steps_;
  RuleSet rules_;
  const std::vector<bool>* relevant_;
  bool direct_;
  OrderSink& sink_;
  Vertex next_vertex_;
};

// Each update to the next one of its chain.
void Builder::LinkWrites() {
  Step last = kNoStep;
  for (Step step = 0; step < steps_.size(); ++step) {
    if (steps_.IsRead(step) || !IsRelevant(step)) continue;
    if (last != kNoStep && steps_.chains[last] == steps_.chains[step]) {
      Add(last, step, OrderReason::kSessionWrites);
    }
    last = step;
  }
}

// What a read returned to the next update of the read's chain.
void Builder::LinkReads() {
  Step next = kNoStep;
  for (Step step = steps_.size(); step-- > 0;) {
    if (!steps_.IsRead(step)) {
      if (IsRelevant(step)) next = step;
      continue;
    }
    if (next == kNoStep || steps_.chains[next] != steps_.chains[step]) continue;
    for (const Step shown : steps_.Shown(step)) {
      if (IsRelevant(shown)) {
        Add(shown, next, OrderReason::kReadBefore, step);
      }
    }
  }
}

bool Builder::MattersTo(OrderReason reason, Step step) const {
  if (!steps_.IsRead(step)) return IsRelevant(step);
  if (reason != OrderReason::kReadBefore) return false;
  const auto shown = steps_.Shown(step);
  return std::any_of(shown.begin(), shown.end(),
                     [&](Step update) { return IsRelevant(update); });
}

void Builder::Contribute(OrderReason reason, Step step, Vertex spine) {
  if (!steps_.IsRead(step)) {
    if (reason == OrderReason::kSessionWrites && IsRelevant(step)) {
      Add(step, spine, reason);
    }
  } else if (reason == OrderReason::kReadBefore) {
    for (const Step shown : steps_.Shown(step)) {
      if (IsRelevant(shown)) Add(shown, spine, reason, step);
    }
  }
}

void Builder::AddSpine(OrderReason reason) {
  // The vertex that stands for what precedes a step; only steps at the ends of
  // crossings are asked for later.
  std::vector<std::pair<Step, Vertex>> crossing_vertex;
  std::vector<bool> is_end;
  if (!steps_.crossings.empty()) {
    is_end.assign(steps_.size(), false);
    for (const Crossing& crossing : steps_.crossings) {
      is_end[crossing.from] = is_end[crossing.to] = true;
    }
  }
  Step last = kNoStep;
  Vertex last_vertex = 0;
  for (Step step = 0; step < steps_.size(); ++step) {
    const bool crosses = !is_end.empty() && is_end[step];
    if (!crosses && !MattersTo(reason, step)) continue;
    const Vertex vertex = next_vertex_++;
    if (last != kNoStep && steps_.chains[last] == steps_.chains[step]) {
      Add(last_vertex, vertex, OrderReason::kNone);
      Contribute(reason, last, vertex);
    }
    if (!steps_.IsRead(step) && IsRelevant(step)) {
      Add(vertex, step, OrderReason::kNone);
    }
    if (crosses) crossing_vertex.emplace_back(step, vertex);
    last = step;
    last_vertex = vertex;
  }
  const auto vertex_of = [&](Step step) {
    return std::lower_bound(crossing_vertex.begin(), crossing_vertex.end(),
                            std::pair(step, Vertex{0}))
        ->second;
  };
  for (const Crossing& crossing : steps_.crossings) {
    Add(vertex_of(crossing.from), vertex_of(crossing.to), OrderReason::kNone);
    Contribute(reason, crossing.from, vertex_of(crossing.to));
  }
}

// The updates of one session and key in their order.
void Builder::AddSessionKeys() {
  std::vector<Step> updates;
  for (Step step = 0; step < steps_.size(); ++step) {
    if (!steps_.IsRead(step) && IsRelevant(step)) updates.push_back(step);
  }
  const auto group = [&](Step step) {
    return std::pair(steps_.SessionOf(step), steps_.keys[step]);
  };
  std::stable_sort(updates.begin(), updates.end(),
                   [&](Step a, Step b) { return group(a) < group(b); });
  std::vector<Step> members;
  for (size_t i = 0; i < updates.size(); ++i) {
    members.push_back(updates[i]);
    if (i + 1 < updates.size() && group(updates[i + 1]) == group(updates[i])) {
      continue;
    }
    const bool one_chain =
        steps_.chains[members.front()] == steps_.chains[members.back()];
    if (!direct_ && one_chain) {
      for (size_t j = 1; j < members.size(); ++j) {
        Add(members[j - 1], members[j], OrderReason::kSessionKey);
      }
    } else {
      AddIntervals(members, OrderReason::kSessionKey);
    }
    members.clear();
  }
}

std::vector<std::vector<Step>> Builder::UpdatesByKey() const {
  std::vector<std::vector<Step>> by_key(steps_.key_names.size());
  for (Step step = 0; step < steps_.size(); ++step) {
    if (!steps_.IsRead(step) && IsRelevant(step)) {
      by_key[steps_.keys[step]].push_back(step);
    }
  }
  return by_key;
}

void Builder::AddRealTime() {
  for (std::vector<Step>& updates : UpdatesByKey()) {
    AddIntervals(updates, OrderReason::kRealTime);
  }
}

void Builder::AddIntervals(std::vector<Step>& updates, OrderReason reason) {
  std::vector<Step> by_end = updates;
  std::sort(by_end.begin(), by_end.end(), [&](Step a, Step b) {
    return std::pair(steps_.end(a), a) < std::pair(steps_.end(b), b);
  });
  std::sort(updates.begin(), updates.end(), [&](Step a, Step b) {
    return std::pair(steps_.call(a), a) < std::pair(steps_.call(b), b);
  });
  size_t ended = 0;
  bool has_spine = false;
  for (const Step update : updates) {
    bool grew = false;
    const Vertex vertex = next_vertex_;
    while (ended < by_end.size() &&
           steps_.end(by_end[ended]) < steps_.call(update)) {
      Add(by_end[ended++], vertex, reason);
      grew = true;
    }
    if (grew) {
      if (has_spine) Add(vertex - 1, vertex, OrderReason::kNone);
      ++next_vertex_;
      has_spine = true;
    }
    if (has_spine) Add(next_vertex_ - 1, update, OrderReason::kNone);
  }
}

void Builder::AddVersions() {
  for (const std::vector<Step>& updates : UpdatesByKey()) {
    std::vector<std::pair<int64_t, Step>> versions;
    for (const Step update : updates) {
      const auto version = VersionOf(steps_, update);
      if (version) versions.emplace_back(*version, update);
    }
    std::sort(versions.begin(), versions.end());
    for (size_t i = 0, group = 0; i < versions.size(); ++i) {
      if (versions[i].first == versions[group].first) continue;
      const Vertex vertex = next_vertex_++;
      for (; group < i; ++group) {
        Add(versions[group].second, vertex, OrderReason::kVersion);
      }
      for (size_t j = i;
           j < versions.size() && versions[j].first == versions[i].first; ++j) {
        Add(vertex, versions[j].second, OrderReason::kNone);
      }
    }
  }
}

// Of each other chain the last update that had returned; `updates` are those of
// one key.
void ForEachRealTime(const SessionHistory& steps,
                     const std::vector<Step>& updates,
                     const std::function<void(Step, Step, OrderReason)>& f) {
  size_t run = 0;
  while (run < updates.size()) {
    size_t end = run;
    while (end < updates.size() &&
           steps.chains[updates[end]] == steps.chains[updates[run]]) {
      ++end;
    }
    for (const Step update : updates) {
      if (steps.chains[update] == steps.chains[updates[run]]) continue;
      const auto first = updates.begin() + static_cast<std::ptrdiff_t>(run);
      const auto passed = std::partition_point(
          first, updates.begin() + static_cast<std::ptrdiff_t>(end),
          [&](Step other) { return steps.end(other) < steps.call(update); });
      if (passed != first) f(*(passed - 1), update, OrderReason::kRealTime);
    }
    run = end;
  }
}

// Each version after the one before.
void ForEachVersion(const SessionHistory& steps,
                    const std::vector<Step>& updates,
                    const std::function<void(Step, Step, OrderReason)>& f) {
  std::vector<std::pair<int64_t, Step>> versions;
  for (const Step update : updates) {
    const auto version = VersionOf(steps, update);
    if (version) versions.emplace_back(*version, update);
  }
  std::sort(versions.begin(), versions.end());
  size_t before = 0;
  size_t current = 0;
  for (size_t i = 0; i < versions.size(); ++i) {
    if (versions[i].first != versions[current].first) {
      before = std::exchange(current, i);
    }
    for (size_t j = before; j < current; ++j) {
      f(versions[j].second, versions[i].second, OrderReason::kVersion);
    }
  }
}

}  // namespace

void ForEachArbitrated(const SessionHistory& steps, RuleSet rules,
                       const std::function<void(Step, Step, OrderReason)>& f) {
  const bool by_time = Has(rules, kRealTimeArbitration);
  const bool by_version = Has(rules, kVersionArbitration);
  if (!by_time && !by_version) return;
  std::vector<std::vector<Step>> by_key(steps.key_names.size());
  for (Step step = 0; step < steps.size(); ++step) {
    if (!steps.IsRead(step)) by_key[steps.keys[step]].push_back(step);
  }
  for (const std::vector<Step>& updates : by_key) {
    if (by_time) ForEachRealTime(steps, updates, f);
    if (by_version) ForEachVersion(steps, updates, f);
  }
}

Vertex AddUpdateOrder(const SessionHistory& steps, RuleSet rules,
                      const std::vector<bool>* relevant, bool direct,
                      OrderSink& sink) {
  return Builder(steps, rules, relevant, direct, sink).Build();
}

}  // namespace minos::checker
