#include "targets/node.h"

namespace minos::targets {
namespace {

Answer AnswerTo(const Request& request, AnswerStatus status, NodeId node) {
  Answer answer;
  answer.request = request.id;
  answer.status = status;
  answer.node = node;
  return answer;
}

}  // namespace

void NodeBase::Reply(const Request& request, Result result,
                     std::vector<int64_t> token) {
  Answer answer = AnswerTo(request, AnswerStatus::kOk, id_);
  answer.result = std::move(result);
  answer.token = std::move(token);
  world_->SendAnswer(request.process, std::move(answer));
}

void NodeBase::ReplyFail(const Request& request) {
  world_->SendAnswer(request.process,
                     AnswerTo(request, AnswerStatus::kFail, id_));
}

void NodeBase::ReplyRedirect(const Request& request, NodeId node) {
  Answer answer = AnswerTo(request, AnswerStatus::kRedirect, id_);
  answer.redirect = node;
  world_->SendAnswer(request.process, std::move(answer));
}

}  // namespace minos::targets
