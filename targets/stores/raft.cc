// raft: a replicated log with a strong leader.
//
// Ongaro & Ousterhout, "In search of an understandable consensus algorithm"
// (USENIX ATC 2014), with Ongaro's dissertation (2014) for the rest:
//
//   elections     randomized time-outs; a node votes once a term, for a log at
//                 least as good as its own (5.2, 5.4.1)
//   replication   the leader's log wins; an entry is committed when a majority
//                 has it and it is of the leader's term (5.3, 5.4.2)
//   persistence   term, vote, log and snapshot are on disk before a node
//                 answers
//   snapshots     the applied prefix of the log becomes a snapshot of the state
//                 machine; followers that are too far behind get it whole (7)
//   reads         ReadIndex: a leader that has committed in its term notes the
//                 commit index, is confirmed by a majority, and answers when it
//                 has applied that far (dissertation, 6.4)
//   sessions      clients try again; the state machine remembers each session's
//                 last operation and its result, so that it happens once (6.3)
//
// Promises linearizability of every data type that it serves, under every
// fault. What it costs: a round to a majority, and no service in a minority or
// during an election.

#include <algorithm>
#include <cassert>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "targets/stores/state_machine.h"
#include "targets/stores/stores.h"

namespace minos::targets {
namespace {

constexpr int64_t kNoOperation = -1;  // as a process: the entry does nothing

struct Entry {
  int64_t term = 0;
  ProcessId process = kNoOperation;
  int64_t sequence = 0;
  uint64_t request = 0;
  Operation operation;
};

// What is replicated: the objects, and what each session did last.
struct Machine {
  StateMachine objects;
  struct Last {
    int64_t sequence = 0;
    Effect effect;
  };
  std::map<ProcessId, Last> sessions;
};

struct RaftMessage {
  enum Kind : uint8_t {
    kRequestVote,
    kVote,
    kAppend,
    kAppended,
    kSnapshot,
  } kind = kRequestVote;
  int64_t term = 0;
  int64_t index = 0;        // vote: of the last entry; append: before the first
  int64_t index_term = 0;   // the term of that entry
  bool is_granted = false;  // vote, appended
  int64_t match = 0;        // appended: what is known to match; or a hint
  int64_t commit = 0;       // append
  int64_t round = 0;        // append, appended: confirms reads
  std::vector<Entry> entries;
  std::shared_ptr<const Machine> machine;  // snapshot
  std::string_view name() const {
    constexpr std::string_view kNames[] = {"request-vote", "vote", "append",
                                           "appended", "snapshot"};
    return kNames[kind];
  }
};

struct RaftDisk {
  int64_t term = 0;
  NodeId voted_for = kNoNode;
  bool has_lived = false;  // the node is not in its first life
  // The entries after the snapshot; the first has index snapshot_index + 1.
  std::vector<Entry> log;
  int64_t snapshot_index = 0;
  int64_t snapshot_term = 0;
  std::shared_ptr<const Machine> snapshot = std::make_shared<Machine>();
};

class RaftNode : public Node<RaftMessage, RaftDisk> {
 public:
  void OnStart() override {
    election_timeout_ = Milliseconds("election_timeout_ms");
    heartbeat_ = Milliseconds("heartbeat_ms");
    snapshot_every_ = Parameter("snapshot_every");
    reads_stale_ = HasBug("stale-leader-read");
    commits_previous_term_ = HasBug("commit-previous-term");
    votes_twice_ = HasBug("vote-twice-after-restart");
    no_dedup_ = HasBug("no-client-dedup");
    if (HasBug("no-fsync")) BufferDisk();
    votes_twice_ = votes_twice_ && disk().has_lived;
    disk().has_lived = true;
    machine_ = *disk().snapshot;
    commit_ = applied_ = disk().snapshot_index;
    next_.assign(static_cast<size_t>(node_count()), 1);
    match_.assign(static_cast<size_t>(node_count()), 0);
    confirmed_.assign(static_cast<size_t>(node_count()), 0);
    ResetElectionTimer();
    After(kTick, 0);
  }

  void OnRequest(const Request& request) override {
    if (role_ != kLeader) return ReplyRedirect(request, leader_);
    if (IsRead(request.operation.function)) return BeginRead(request);
    if (AnswerIfDone(request)) return;
    waiting_[request.id] = request;
    Entry entry;
    entry.term = disk().term;
    entry.process = request.process;
    entry.sequence = request.sequence;
    entry.request = request.id;
    entry.operation = request.operation;
    AppendToLog(entry);
  }

  void OnMessage(NodeId from, const RaftMessage& message) override {
    if (message.term > disk().term) StepDown(message.term);
    switch (message.kind) {
      case RaftMessage::kRequestVote:
        return OnRequestVote(from, message);
      case RaftMessage::kVote:
        return OnVote(from, message);
      case RaftMessage::kAppend:
        return OnAppend(from, message);
      case RaftMessage::kAppended:
        return OnAppended(from, message);
      case RaftMessage::kSnapshot:
        return OnSnapshot(from, message);
    }
  }

  void OnTimer(int64_t) override {
    After(kTick, 0);
    elapsed_ += kTick;
    if (role_ == kLeader) {
      if (elapsed_ >= heartbeat_) SendHeartbeats();
    } else if (elapsed_ >= election_after_) {
      BeginElection();
    }
  }

 private:
  enum Role : uint8_t { kFollower, kCandidate, kLeader };
  static constexpr Nanoseconds kTick = 10 * kMillisecond;

  struct PendingRead {
    Request request;
    int64_t index;  // answered when so much is applied
    int64_t round;  // and a majority has confirmed this round
  };

  // The log.

  int64_t LastIndex() {
    return disk().snapshot_index + static_cast<int64_t>(disk().log.size());
  }
  Entry& At(int64_t index) {
    assert(index > disk().snapshot_index && index <= LastIndex());
    return disk().log[static_cast<size_t>(index - disk().snapshot_index - 1)];
  }
  // 0 if there is no such entry: with a planted bug a log may have become
  // shorter than what was committed of it.
  int64_t TermAt(int64_t index) {
    if (index > LastIndex()) return 0;
    return index == disk().snapshot_index ? disk().snapshot_term
                                          : At(index).term;
  }

  void AppendToLog(const Entry& entry) {
    disk().log.push_back(entry);
    if (node_count() == 1) return AdvanceCommit();
    for (NodeId peer = 0; peer < node_count(); ++peer) {
      if (peer != id()) SendAppend(peer);
    }
  }

  // Elections.

  void ResetElectionTimer() {
    elapsed_ = 0;
    election_after_ =
        random().Between(election_timeout_, 2 * election_timeout_);
  }

  void StepDown(int64_t term) {
    disk().term = term;
    disk().voted_for = kNoNode;
    if (role_ == kLeader) LoseLeadership();
    role_ = kFollower;
    leader_ = kNoNode;
  }

  // What is in the log may still be committed: nobody knows.
  void LoseLeadership() {
    waiting_.clear();
    for (const PendingRead& read : reads_) ReplyRedirect(read.request);
    reads_.clear();
    ResetElectionTimer();
  }

  void BeginElection() {
    ++disk().term;
    role_ = kCandidate;
    leader_ = kNoNode;
    disk().voted_for = id();
    votes_ = uint64_t{1} << id();
    ResetElectionTimer();
    RaftMessage message;
    message.kind = RaftMessage::kRequestVote;
    message.term = disk().term;
    message.index = LastIndex();
    message.index_term = TermAt(LastIndex());
    Broadcast(message);
    if (node_count() == 1) BecomeLeader();
  }

  void OnRequestVote(NodeId from, const RaftMessage& message) {
    const bool is_current = message.term == disk().term;
    const bool is_free =
        disk().voted_for == kNoNode || disk().voted_for == from || votes_twice_;
    const std::pair theirs = {message.index_term, message.index};
    const std::pair mine = {TermAt(LastIndex()), LastIndex()};
    RaftMessage vote;
    vote.kind = RaftMessage::kVote;
    vote.term = disk().term;
    vote.is_granted = is_current && is_free && theirs >= mine;
    if (vote.is_granted) {
      disk().voted_for = from;
      ResetElectionTimer();
    }
    Send(from, std::move(vote));
  }

  void OnVote(NodeId from, const RaftMessage& message) {
    if (role_ != kCandidate || message.term != disk().term) return;
    if (!message.is_granted) return;
    votes_ |= uint64_t{1} << from;
    int count = 0;
    for (NodeId node = 0; node < node_count(); ++node) {
      count += static_cast<int>(votes_ >> node & 1);
    }
    if (count >= majority()) BecomeLeader();
  }

  void BecomeLeader() {
    role_ = kLeader;
    leader_ = id();
    const int64_t last = LastIndex();
    std::fill(next_.begin(), next_.end(), last + 1);
    std::fill(match_.begin(), match_.end(), 0);
    std::fill(confirmed_.begin(), confirmed_.end(), 0);
    // An entry of its own term lets the leader commit what is before it. With
    // the bug it counts copies of entries of any term instead.
    if (commits_previous_term_) return SendHeartbeats();
    Entry nothing;
    nothing.term = disk().term;
    AppendToLog(nothing);
    elapsed_ = 0;
  }

  // Replication, at the leader.

  void SendHeartbeats() {
    elapsed_ = 0;
    for (NodeId peer = 0; peer < node_count(); ++peer) {
      if (peer != id()) SendAppend(peer);
    }
  }

  void SendAppend(NodeId to) {
    // A follower is never ahead of its leader, unless a planted bug lets a node
    // lead that lacks what others have.
    const int64_t before = std::min(next_[to] - 1, LastIndex());
    if (before < disk().snapshot_index) return SendSnapshot(to);
    RaftMessage message;
    message.kind = RaftMessage::kAppend;
    message.term = disk().term;
    message.index = before;
    message.index_term = TermAt(before);
    message.commit = commit_;
    message.round = round_;
    message.entries.assign(
        disk().log.begin() + (before - disk().snapshot_index),
        disk().log.end());
    Send(to, std::move(message));
  }

  void SendSnapshot(NodeId to) {
    RaftMessage message;
    message.kind = RaftMessage::kSnapshot;
    message.term = disk().term;
    message.index = disk().snapshot_index;
    message.index_term = disk().snapshot_term;
    message.machine = disk().snapshot;
    message.round = round_;
    Send(to, std::move(message));
  }

  void OnAppended(NodeId from, const RaftMessage& message) {
    if (role_ != kLeader || message.term != disk().term) return;
    confirmed_[from] = std::max(confirmed_[from], message.round);
    if (message.is_granted) {
      match_[from] = std::max(match_[from], message.match);
      next_[from] = std::max(next_[from], match_[from] + 1);
      AdvanceCommit();
    } else {
      // The follower says how far its log goes. What it has confirmed before it
      // cannot lack, so asking again about that would never end.
      const int64_t next = std::max(message.match, match_[from]) + 1;
      if (next < next_[from]) {
        next_[from] = next;
        SendAppend(from);
      }
    }
    AnswerReads();
  }

  void AdvanceCommit() {
    for (int64_t index = LastIndex(); index > commit_; --index) {
      if (TermAt(index) != disk().term && !commits_previous_term_) break;
      int count = 1;
      for (NodeId peer = 0; peer < node_count(); ++peer) {
        if (peer != id() && match_[peer] >= index) ++count;
      }
      if (count < majority()) continue;
      commit_ = index;
      break;
    }
    ApplyCommitted();
  }

  // Replication, at a follower.

  void OnAppend(NodeId from, const RaftMessage& message) {
    RaftMessage answer;
    answer.kind = RaftMessage::kAppended;
    answer.term = disk().term;
    answer.round = message.round;
    if (message.term < disk().term) {
      answer.round = 0;
      return Send(from, std::move(answer));
    }
    Follow(from);
    if (!Matches(message)) {
      answer.match = std::min(LastIndex(), message.index - 1);
      return Send(from, std::move(answer));
    }
    TakeEntries(message);
    const int64_t last =
        message.index + static_cast<int64_t>(message.entries.size());
    commit_ = std::max(commit_, std::min(message.commit, last));
    ApplyCommitted();
    answer.is_granted = true;
    answer.match = last;
    Send(from, std::move(answer));
  }

  void Follow(NodeId leader) {
    role_ = kFollower;
    leader_ = leader;
    ResetElectionTimer();
  }

  // True if the log has the entry before the new ones.
  bool Matches(const RaftMessage& message) {
    if (message.index <= disk().snapshot_index) return true;
    return message.index <= LastIndex() &&
           TermAt(message.index) == message.index_term;
  }

  void TakeEntries(const RaftMessage& message) {
    int64_t index = message.index;
    for (const Entry& entry : message.entries) {
      ++index;
      if (index <= disk().snapshot_index) continue;
      if (index <= LastIndex()) {
        if (TermAt(index) == entry.term) continue;
        disk().log.resize(
            static_cast<size_t>(index - disk().snapshot_index - 1));
      }
      disk().log.push_back(entry);
    }
  }

  void OnSnapshot(NodeId from, const RaftMessage& message) {
    if (message.term < disk().term) return;
    Follow(from);
    if (message.index > commit_) {
      RaftDisk& mine = disk();
      const bool has_rest = message.index <= LastIndex() &&
                            TermAt(message.index) == message.index_term;
      if (has_rest) {
        mine.log.erase(
            mine.log.begin(),
            mine.log.begin() + (message.index - mine.snapshot_index));
      } else {
        mine.log.clear();
      }
      mine.snapshot_index = message.index;
      mine.snapshot_term = message.index_term;
      mine.snapshot = message.machine;
      machine_ = *message.machine;
      commit_ = applied_ = message.index;
    }
    RaftMessage answer;
    answer.kind = RaftMessage::kAppended;
    answer.term = disk().term;
    answer.is_granted = true;
    answer.match = message.index;
    answer.round = message.round;
    Send(from, std::move(answer));
  }

  // The state machine.

  void ApplyCommitted() {
    while (applied_ < commit_) {
      const Entry& entry = At(++applied_);
      if (entry.process == kNoOperation) continue;
      const Effect effect = ApplyOnce(entry);
      const auto waiter = waiting_.find(entry.request);
      if (waiter == waiting_.end()) continue;
      AnswerWith(waiter->second, effect);
      waiting_.erase(waiter);
    }
    TakeSnapshot();
    AnswerReads();
  }

  Effect ApplyOnce(const Entry& entry) {
    Machine::Last& last = machine_.sessions[entry.process];
    if (!no_dedup_ && entry.sequence <= last.sequence) return last.effect;
    last = {entry.sequence, machine_.objects.Apply(entry.operation)};
    return last.effect;
  }

  // An operation that has been done already is answered from memory.
  bool AnswerIfDone(const Request& request) {
    const auto last = machine_.sessions.find(request.process);
    if (no_dedup_ || last == machine_.sessions.end() ||
        last->second.sequence < request.sequence) {
      return false;
    }
    AnswerWith(request, last->second.effect);
    return true;
  }

  void AnswerWith(const Request& request, const Effect& effect) {
    if (effect.status == AnswerStatus::kOk) {
      Reply(request, effect.result);
    } else {
      ReplyFail(request);
    }
  }

  void TakeSnapshot() {
    if (applied_ - disk().snapshot_index < snapshot_every_) return;
    RaftDisk& mine = disk();
    const int64_t term = TermAt(applied_);
    mine.log.erase(mine.log.begin(),
                   mine.log.begin() + (applied_ - mine.snapshot_index));
    mine.snapshot_index = applied_;
    mine.snapshot_term = term;
    mine.snapshot = std::make_shared<Machine>(machine_);
    Sync();
  }

  // Reads.

  void BeginRead(const Request& request) {
    if (reads_stale_) {
      return Reply(request, machine_.objects.Read(request.operation));
    }
    // Before it has committed in its term a leader does not know what is
    // committed.
    const bool knows = commits_previous_term_ || TermAt(commit_) == disk().term;
    if (!knows) return ReplyRedirect(request, id());
    reads_.push_back({request, commit_, ++round_});
    SendHeartbeats();
    if (node_count() == 1) AnswerReads();
  }

  bool IsConfirmed(int64_t round) {
    int count = 1;
    for (NodeId peer = 0; peer < node_count(); ++peer) {
      if (peer != id() && confirmed_[peer] >= round) ++count;
    }
    return count >= majority();
  }

  void AnswerReads() {
    std::vector<PendingRead> left;
    for (PendingRead& read : reads_) {
      if (applied_ >= read.index && IsConfirmed(read.round)) {
        Reply(read.request, machine_.objects.Read(read.request.operation));
      } else {
        left.push_back(std::move(read));
      }
    }
    reads_ = std::move(left);
  }

  // Settings.
  Nanoseconds election_timeout_ = 0;
  Nanoseconds heartbeat_ = 0;
  int64_t snapshot_every_ = 0;
  bool reads_stale_ = false;
  bool commits_previous_term_ = false;
  bool votes_twice_ = false;
  bool no_dedup_ = false;

  Role role_ = kFollower;
  NodeId leader_ = kNoNode;
  Nanoseconds elapsed_ = 0;  // since the last heartbeat, or sign of a leader
  Nanoseconds election_after_ = 0;
  uint64_t votes_ = 0;  // a bit set of nodes

  int64_t commit_ = 0;
  int64_t applied_ = 0;
  Machine machine_;

  // Of a leader.
  std::vector<int64_t> next_;
  std::vector<int64_t> match_;
  std::vector<int64_t> confirmed_;  // the last round that a node confirmed
  int64_t round_ = 0;
  std::map<uint64_t, Request> waiting_;  // by request
  std::vector<PendingRead> reads_;
};

// Asks whoever answered last.
class RaftSession : public Session {
 public:
  void OnBegin() override { leader_ = home(); }
  NodeId Route(const Operation&, NodeId, int attempt) override {
    if (attempt > 0) leader_ = (leader_ + 1) % node_count();
    return leader_;
  }
  void OnOk(const Operation&, const Answer& answer) override {
    leader_ = answer.node;
  }

 private:
  NodeId leader_ = 0;
};

}  // namespace

TargetInfo Raft() {
  TargetInfo info;
  info.name = "raft";
  info.summary = "A replicated log with a leader; serves many data types";
  info.default_nodes = 5;
  info.workloads = {"cas",         "register", "multi-key",      "counter",
                    "add-and-get", "set",      "set-add-remove", "queue",
                    "stack",       "append",   "lock",           "bank"};
  info.parameters = {
      {"election_timeout_ms",
       50,
       10,
       10'000,
       "after how long without a leader an election begins, at least",
       {}},
      {"heartbeat_ms",
       15,
       1,
       10'000,
       "how often a leader sends heartbeats",
       {}},
      {"snapshot_every",
       40,
       1,
       1'000'000,
       "after how many entries the log becomes a snapshot",
       {}}};
  info.bugs = {{"stale-leader-read",
                "a leader answers reads without asking anybody",
                {"linearizable"}},
               {"commit-previous-term",
                "an entry of an earlier term counts as committed on a majority",
                {"linearizable"}},
               {"vote-twice-after-restart",
                "a node that has restarted forgets its votes",
                {"linearizable"}},
               {"no-fsync",
                "a crash undoes what was written since the last snapshot",
                {"linearizable"}},
               {"no-client-dedup",
                "an operation that is tried again happens again",
                {"linearizable"}}};
  info.promises = [](const Settings&) {
    return std::vector<Promise>{{"linearizable", FaultSet::All()}};
  };
  info.client.retry = RetryPolicy::kAll;
  info.client.attempt_timeout = 60 * kMillisecond;
  info.client.operation_timeout = 800 * kMillisecond;
  info.make_cluster = MakeCluster<RaftNode>;
  info.make_session = SessionFactory::Make<RaftSession>;
  return info;
}

}  // namespace minos::targets
