#include "checker/saturation.h"

#include <algorithm>

namespace minos::checker {

Saturation::Saturation(const SessionHistory& steps, RuleSet rules,
                       Detail detail, bool traced)
    : steps_(steps),
      rules_(rules),
      detail_(detail),
      traced_(traced),
      sees_prefixes_(Has(rules, kEarlierWritesSeen)),
      walks_((rules & (kEarlierWritesSeen | kReadWritesSeen)) != 0),
      replaces_(detail != Detail::kAll &&
                steps.observation == Observation::kRegister &&
                (rules & (kWritesInOrder | kSessionArbitration)) != 0),
      walked_(steps.chain_count()),
      own_(steps.chain_count()),
      frontier_(steps.key_names.size()) {
  if (!sees_prefixes_) marks_.assign(WordsFor(steps.size()), 0);
  if (steps.observation != Observation::kRegister) {
    shown_mark_.assign(steps.size(), 0);
  }
  if (steps.crossings.empty()) return;
  crossing_begin_.assign(size_t{steps.size()} + 1, 0);
  for (const Crossing& crossing : steps.crossings) {
    ++crossing_begin_[crossing.to + 1];
  }
  for (Step step = 0; step < steps.size(); ++step) {
    crossing_begin_[step + 1] += crossing_begin_[step];
  }
}

size_t Saturation::MemoryBytes() const {
  return marks_.capacity() * sizeof(BitWord) +
         (marked_.capacity() + shown_mark_.capacity() +
          crossing_begin_.capacity()) *
             sizeof(uint32_t) +
         frontier_.capacity() * (sizeof(decltype(frontier_)::value_type) + 64);
}

void Saturation::Reset() {
  std::copy(steps_.chain_begin.begin(), steps_.chain_begin.end() - 1,
            walked_.begin());
  std::copy(steps_.chain_begin.begin(), steps_.chain_begin.end() - 1,
            own_.begin());
  for (const uint32_t key : touched_) frontier_[key].clear();
  touched_.clear();
  for (const Step update : marked_) Unmark(update);
  marked_.clear();
}

void Saturation::Sweep(uint32_t chain, SaturationSink& sink) {
  sink_ = &sink;
  Reset();
  const Step end = steps_.chain_begin[chain + 1];
  for (Step step = steps_.chain_begin[chain]; step < end; ++step) {
    if (!sink.GoOn(step)) return;
    if (!crossing_begin_.empty()) {
      for (uint32_t i = crossing_begin_[step]; i < crossing_begin_[step + 1];
           ++i) {
        const Step from = steps_.crossings[i].from;
        Step& own = own_[steps_.chains[from]];
        for (; own <= from; ++own) Contribute(own);
      }
    }
    if (steps_.IsRead(step)) Judge(step, sink);
    Contribute(step);
  }
}

// What `step`, which precedes the rest of the chain in its session, makes the
// later reads see.
void Saturation::Contribute(Step step) {
  if (!steps_.IsRead(step)) {
    if (Has(rules_, kOwnWritesSeen)) {
      See(step, {kNoStep, kNoStep, Cause::kOwnWrite});
    }
  } else if (Has(rules_, kSeenStaysSeen)) {
    for (const Step shown : steps_.Shown(step)) {
      See(shown, {kNoStep, step, Cause::kOwnRead});
    }
  }
}

void Saturation::Judge(Step read, SaturationSink& sink) {
  switch (steps_.observation) {
    case Observation::kRegister:
      JudgeRegister(read, sink);
      break;
    case Observation::kList:
    case Observation::kSet:
      JudgeCollection(read, sink);
      break;
    case Observation::kCounter:
      break;
  }
}

void Saturation::JudgeRegister(Step read, SaturationSink& sink) {
  const Step source = steps_.sources[read];
  std::vector<Seen>& frontier = frontier_[steps_.keys[read]];
  if (source == kInitialStep) {
    if (!Has(rules_, kInitialFirst)) return;
    for (const Seen& seen : frontier) sink.MustNotSee(seen.step, read);
    return;
  }
  if (!IsStep(source)) return;
  bool dominates = Has(rules_, kSeenStaysSeen);
  for (const Seen& seen : frontier) {
    if (seen.step == source) {
      dominates = true;
    } else {
      sink.MustPrecede(seen.step, source, read);
    }
  }
  if (detail_ != Detail::kFrontier || !dominates) return;
  // Seen before it is put on the frontier: what its closure has of this key
  // comes before it anyway.
  if (Has(rules_, kSeenStaysSeen)) {
    See(source, {kNoStep, read, Cause::kOwnRead});
  }
  if (frontier.empty()) touched_.push_back(steps_.keys[read]);
  frontier.assign(1, {source, steps_.chains[source]});
}

void Saturation::JudgeCollection(Step read, SaturationSink& sink) {
  if (!IsStep(steps_.sources[read])) return;
  const std::span<const Step> shown = steps_.Shown(read);
  ++shown_stamp_;
  for (const Step update : shown) shown_mark_[update] = shown_stamp_;
  const auto judge = [&](Step update) {
    if (shown_mark_[update] == shown_stamp_) return;
    if (MayBeShown(steps_, read, update)) return;
    sink.MustNotSee(update, read);
  };
  if (Has(rules_, kSeenStaysSeen)) {
    for (const Step update : shown) {
      See(update, {kNoStep, read, Cause::kOwnRead});
    }
    for (const Seen& seen : frontier_[steps_.keys[read]]) judge(seen.step);
  } else {
    // What the read shows has consequences for this read alone.
    undoing_ = true;
    if (walks_) {
      for (const Step update : shown) {
        See(update, {kNoStep, read, Cause::kOwnRead});
      }
    }
    for (const Seen& seen : frontier_[steps_.keys[read]]) judge(seen.step);
    Undo();
  }
  if (steps_.observation != Observation::kList) return;
  for (size_t i = 1; i < shown.size(); ++i) {
    sink.MustPrecede(shown[i - 1], shown[i], read);
  }
}

void Saturation::Undo() {
  for (; !entered_.empty(); entered_.pop_back()) {
    frontier_[steps_.keys[entered_.back()]].pop_back();
    if (!sees_prefixes_) Unmark(entered_.back());
  }
  for (; !walks_done_.empty(); walks_done_.pop_back()) {
    walked_[walks_done_.back().chain] = walks_done_.back().from;
  }
  undoing_ = false;
}

void Saturation::See(Step update, const Entry& entry) {
  if (IsSeen(update)) return;
  tasks_.push_back({update, true, entry});
  Work();
}

void Saturation::Work() {
  while (!tasks_.empty()) {
    const Task task = tasks_.back();
    tasks_.pop_back();
    if (!sees_prefixes_ && task.inclusive) {
      if (IsMarked(task.step)) continue;
      Mark(task.step);
      marked_.push_back(task.step);
      Enter(task.step, steps_.chains[task.step], task.entry);
    }
    if (walks_) WalkTo(task);
  }
}

void Saturation::CrossInto(Step step, const Task& task) {
  if (crossing_begin_.empty()) return;
  for (uint32_t i = crossing_begin_[step]; i < crossing_begin_[step + 1]; ++i) {
    const Step from = steps_.crossings[i].from;
    if (from < walked_[steps_.chains[from]]) continue;
    tasks_.push_back({from, false, {task.step, kNoStep, Cause::kEarlierWrite}});
  }
}

// The steps of the task's chain up to its step come before an update that is
// seen.
void Saturation::WalkTo(const Task& task) {
  const uint32_t chain = steps_.chains[task.step];
  Step& walked = walked_[chain];
  if (undoing_) walks_done_.push_back({chain, walked});
  while (walked <= task.step) {
    const Step step = walked++;
    CrossInto(step, task);
    if (!steps_.IsRead(step)) {
      if (!sees_prefixes_) continue;
      Enter(step, chain,
            step == task.step && task.inclusive
                ? task.entry
                : Entry{task.inclusive ? task.step : task.entry.via, kNoStep,
                        Cause::kEarlierWrite});
    } else if (Has(rules_, kReadWritesSeen)) {
      for (const Step shown : steps_.Shown(step)) {
        if (IsSeen(shown)) continue;
        tasks_.push_back({shown,
                          true,
                          {task.inclusive ? task.step : task.entry.via, step,
                           Cause::kReadBefore}});
      }
    }
  }
}

void Saturation::Enter(Step update, uint32_t chain, const Entry& entry) {
  if (traced_) sink_->Entered(update, entry);
  if (relevant_ != nullptr && !undoing_ && !(*relevant_)[update]) return;
  const uint32_t key = steps_.keys[update];
  std::vector<Seen>& frontier = frontier_[key];
  if (undoing_) entered_.push_back(update);
  if (frontier.empty()) touched_.push_back(key);
  if (replaces_) {
    for (Seen& seen : frontier) {
      if (seen.chain != chain) continue;
      seen.step = std::max(seen.step, update);
      return;
    }
  }
  frontier.push_back({update, chain});
}

}  // namespace minos::checker
