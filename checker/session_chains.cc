#include "checker/session_chains.h"

#include <algorithm>
#include <map>

namespace minos::checker {

using history::History;
using history::OpIndex;
using history::ValueId;

SessionChains BuildSessionChains(const History& history,
                                 std::span<const OpIndex> operations,
                                 const SessionChoice& sessions) {
  std::vector<std::vector<OpIndex>> chains;
  std::vector<uint32_t> chain_session;
  std::map<ValueId, std::vector<uint32_t>> chains_of_session;
  for (const OpIndex op : operations) {
    const ValueId session = sessions.SessionOf(history, op);
    std::vector<uint32_t>& own = chains_of_session[session];
    const auto free = std::find_if(own.begin(), own.end(), [&](uint32_t chain) {
      return history.return_position(chains[chain].back()) < history.call(op);
    });
    uint32_t chain = static_cast<uint32_t>(chains.size());
    if (free != own.end()) {
      chain = *free;
    } else {
      own.push_back(chain);
      chains.emplace_back();
      chain_session.push_back(history::ToInt(session));
    }
    chains[chain].push_back(op);
  }
  SessionChains result;
  result.chain_begin.push_back(0);
  for (const std::vector<OpIndex>& chain : chains) {
    result.operations.insert(result.operations.end(), chain.begin(),
                             chain.end());
    result.chain_begin.push_back(
        static_cast<uint32_t>(result.operations.size()));
  }
  result.crossings = FindCrossings(history, result.operations,
                                   result.chain_begin, chain_session);
  return result;
}

}  // namespace minos::checker
