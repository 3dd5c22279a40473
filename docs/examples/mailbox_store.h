// mailbox: every node answers from its own copy, and mails its writes to the
// others. A mail that is lost is lost for good.

#ifndef MINOS_DOCS_EXAMPLES_MAILBOX_STORE_H_
#define MINOS_DOCS_EXAMPLES_MAILBOX_STORE_H_

#include <map>
#include <string_view>
#include <vector>

#include "targets/target.h"

namespace minos::examples {

using targets::NodeId;
using targets::Request;
using targets::Result;

// What nodes send each other; the trace calls it by its name.
struct Mail {
  int32_t key = 0;
  int64_t value = 0;
  int64_t version = 0;
  std::string_view name() const { return "mail"; }
};

// What survives a crash.
struct Archive {
  struct Copy {
    int64_t value = targets::kNilValue;
    int64_t version = 0;
  };
  std::map<int32_t, Copy> copies;
};

class MailboxNode : public targets::Node<Mail, Archive> {
 public:
  void OnStart() override { keeps_older_ = HasBug("keep-older"); }

  void OnRequest(const Request& request) override {
    Archive::Copy& copy = disk().copies[request.operation.key];
    if (!targets::IsRead(request.operation.function)) {
      copy.value = request.operation.argument;
      // A version of its own: nodes take turns in counting.
      copy.version = (copy.version / node_count() + 1) * node_count() + id();
      Broadcast({request.operation.key, copy.value, copy.version});
    }
    Reply(request, Result::Integer(copy.value));
  }

  void OnMessage(NodeId, const Mail& mail) override {
    Archive::Copy& copy = disk().copies[mail.key];
    const bool is_newer = mail.version > copy.version;
    if (is_newer != keeps_older_) copy = {mail.value, mail.version};
  }

 private:
  bool keeps_older_ = false;
};

inline targets::TargetInfo Mailbox() {
  targets::TargetInfo info;
  info.name = "mailbox";
  info.summary = "Every node mails its writes to the others, once";
  info.workloads = {"register"};
  info.bugs = {
      {"keep-older", "of two copies the older one is kept", {"eventual"}}};
  // As long as no mail is lost, all copies agree in the end.
  info.promises = [](const targets::Settings&) {
    return std::vector<targets::Promise>{
        {"eventual",
         {targets::FaultKind::kClock, targets::FaultKind::kDuplicate,
          targets::FaultKind::kDelay, targets::FaultKind::kReorder}}};
  };
  info.make_cluster = targets::MakeCluster<MailboxNode>;
  return info;
}

}  // namespace minos::examples

#endif  // MINOS_DOCS_EXAMPLES_MAILBOX_STORE_H_
