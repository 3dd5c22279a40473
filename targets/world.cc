#include "targets/world.h"

#include <utility>

#include "targets/node.h"

namespace minos::targets {

World::World(const Options& options, Host& host)
    : host_(host),
      luck_by_(options.luck),
      network_(options.nodes, options.seed, options.network, options.luck),
      nodes_(options.nodes),
      tracing_(options.trace),
      watched_(options.watched) {
  if (options.coverage) coverage_.emplace(options.nodes);
}

void World::Start(Cluster& cluster) {
  cluster_ = &cluster;
  for (NodeId node = 0; node < node_count(); ++node) Restart(node);
}

bool World::RunNext() {
  if (queue_.empty()) return false;
  const Step step = queue_.Pop();
  now_ = step.time;
  ++counters_.steps;
  Handle(step);
  return true;
}

void World::Handle(const Step& step) {
  switch (step.kind) {
    case StepKind::kMessage:
      return HandleMessage(step);
    case StepKind::kRequest:
      return HandleRequest(step);
    case StepKind::kAnswer:
      return HandleAnswer(step);
    case StepKind::kNodeTimer:
      return HandleNodeTimer(step);
    case StepKind::kHostTimer:
      return host_.OnHostTimer(step.tag);
  }
}

bool World::Defer(const Step& step) {
  NodeState& node = nodes_[step.to];
  if (!node.paused) return false;
  node.deferred.push_back(step);
  return true;
}

void World::HandleMessage(const Step& step) {
  if (Defer(step)) return;
  const uint64_t id = static_cast<uint64_t>(step.tag);
  if (!nodes_[step.to].up || IsCutShort(step)) {
    Record(TraceKind::kLose, step.from, step.to, cluster_->NameOf(step.slot),
           id);
    ++counters_.messages_lost;
    cluster_->Discard(step.slot);
    return;
  }
  Record(TraceKind::kDeliver, step.from, step.to, cluster_->NameOf(step.slot),
         id);
  Cover(step.to, cluster_->NameOf(step.slot));
  cluster_->Deliver(step.from, step.to, step.slot);
  cluster_->Discard(step.slot);
}

// A message under way does not pass a link that has been cut meanwhile; and of
// what a node had sent just before it crashed, half never left its buffers.
bool World::IsCutShort(const Step& step) const {
  if (step.from != step.to && network_.blocked(step.from, step.to)) return true;
  const bool has_crashed =
      static_cast<uint8_t>(nodes_[step.from].life) != step.life;
  const uint64_t id = luck_by_ == LuckBy::kTime
                          ? CombineHash(static_cast<uint64_t>(step.time),
                                        static_cast<uint64_t>(step.to))
                          : static_cast<uint64_t>(step.tag);
  return has_crashed && (MixHash(id) & 1) != 0;
}

void World::HandleRequest(const Step& step) {
  if (Defer(step)) return;
  const Request& request = requests_[step.slot];
  Record(TraceKind::kServe, request.process, step.to,
         ToString(request.operation.function), request.id);
  if (nodes_[step.to].up) {
    Cover(step.to, ToString(request.operation.function));
    cluster_->node(step.to).OnRequest(request);
  } else {
    Refuse(request, step.to);
  }
  requests_.Free(step.slot);
}

// The connection is refused: the client hears that nothing has happened.
void World::Refuse(const Request& request, NodeId node) {
  Answer answer;
  answer.request = request.id;
  answer.status = AnswerStatus::kRedirect;
  answer.node = node;
  SendAnswer(request.process, std::move(answer));
}

void World::HandleAnswer(const Step& step) {
  const Answer& answer = answers_[step.slot];
  Record(TraceKind::kHear, answer.node, step.to, "", answer.request);
  host_.OnAnswer(step.to, answer);
  answers_.Free(step.slot);
}

void World::HandleNodeTimer(const Step& step) {
  const NodeState& node = nodes_[step.to];
  if (!node.up || node.life != step.slot || Defer(step)) return;
  Record(TraceKind::kTimer, kNoNode, step.to, "",
         static_cast<uint64_t>(step.tag));
  cluster_->node(step.to).OnTimer(step.tag);
}

void World::SendRequest(NodeId to, Request request) {
  ++counters_.attempts;
  const ProcessId process = request.process;
  const std::string_view name = ToString(request.operation.function);
  Record(TraceKind::kAsk, process, to, name, request.id);
  const Fate fate = network_.SendOnConnection(process, to, now_);
  if (fate.copies == 0) {
    Record(TraceKind::kVanish, kNoNode, to, name, request.id);
    return;
  }
  Step step;
  step.time = fate.arrival[0];
  step.kind = StepKind::kRequest;
  step.to = to;
  step.slot = requests_.Put(std::move(request));
  queue_.Push(step);
}

void World::SendAnswer(ProcessId process, Answer answer) {
  Record(TraceKind::kAnswer, answer.node, process, "", answer.request);
  const Fate fate = network_.SendOnConnection(process, answer.node, now_);
  if (fate.copies == 0) {
    Record(TraceKind::kVanish, answer.node, kNoNode, "", answer.request);
    return;
  }
  Step step;
  step.time = fate.arrival[0];
  step.kind = StepKind::kAnswer;
  step.to = process;
  step.slot = answers_.Put(std::move(answer));
  queue_.Push(step);
}

void World::SetHostTimer(Nanoseconds delay, int64_t tag) {
  Step step;
  step.time = now_ + delay;
  step.kind = StepKind::kHostTimer;
  step.tag = tag;
  queue_.Push(step);
}

Nanoseconds World::FreeMomentFrom(Nanoseconds time) const {
  while (queue_.HasAt(time)) ++time;
  return time;
}

void World::SetNodeTimer(NodeId node, Nanoseconds delay, int64_t tag) {
  Step step;
  step.time = now_ + delay;
  step.kind = StepKind::kNodeTimer;
  step.to = node;
  step.slot = nodes_[node].life;
  step.tag = tag;
  queue_.Push(step);
}

void World::SendMessage(NodeId from, NodeId to, uint32_t slot) {
  const uint64_t id = counters_.messages++;
  Record(TraceKind::kSend, from, to, cluster_->NameOf(slot), id);
  const Fate fate = network_.Send(from, to, now_);
  if (fate.copies == 0) {
    Record(TraceKind::kLose, from, to, cluster_->NameOf(slot), id);
    ++counters_.messages_lost;
    cluster_->Discard(slot);
    return;
  }
  Step step;
  step.kind = StepKind::kMessage;
  step.from = static_cast<int16_t>(from);
  step.life = static_cast<uint8_t>(nodes_[from].life);
  step.to = to;
  step.tag = static_cast<int64_t>(id);
  for (int copy = 0; copy < fate.copies; ++copy) {
    step.time = fate.arrival[copy];
    step.slot = copy == 0 ? slot : cluster_->Duplicate(slot);
    queue_.Push(step);
  }
  if (fate.copies > 1) ++counters_.messages_doubled;
}

void World::Crash(NodeId node) {
  NodeState& state = nodes_[node];
  if (!state.up) return;
  Resume(node);
  state.up = false;
  ++state.life;
  cluster_->Crash(node);
  Record(TraceKind::kCrash, kNoNode, node, "", 0);
}

void World::Restart(NodeId node) {
  NodeState& state = nodes_[node];
  if (state.up) return;
  state.up = true;
  Record(TraceKind::kRestart, kNoNode, node, "", 0);
  Cover(node, "restart");
  cluster_->Start(node);
}

void World::Pause(NodeId node) {
  NodeState& state = nodes_[node];
  if (!state.up || state.paused) return;
  state.paused = true;
  Record(TraceKind::kPause, kNoNode, node, "", 0);
}

void World::Resume(NodeId node) {
  NodeState& state = nodes_[node];
  if (!state.paused) return;
  state.paused = false;
  Record(TraceKind::kResume, kNoNode, node, "", 0);
  for (Step& step : state.deferred) {
    step.time = now_;
    queue_.Push(step);
  }
  state.deferred.clear();
}

void World::SetClock(NodeId node, Nanoseconds offset, int64_t rate_parts) {
  NodeState& state = nodes_[node];
  state.clock_offset = offset;
  state.clock_rate_parts = rate_parts;
  state.clock_set_at = now_;
}

Nanoseconds World::ClockOf(NodeId node) const {
  const NodeState& state = nodes_[node];
  const Nanoseconds since = now_ - state.clock_set_at;
  return now_ + state.clock_offset +
         since / kMillisecond * state.clock_rate_parts;
}

void World::NoteFault(std::string_view name) {
  Record(TraceKind::kFault, kNoNode, kNoNode, name, 0);
}

}  // namespace minos::targets
