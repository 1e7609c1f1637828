import Glibc

/// One connected client, as the server sees it.
///
/// It has no copy of the events, only a position in the history, which advances as lines go out,
/// and the rest of a line sent in part. A client that reads too slowly is overtaken by the oldest
/// line held (`loses`), is told so (`missed`), and costs no more memory than any other.
final class ServedClient {
  /// Events that were overwritten before they could be sent.
  struct Missed: Equatable {
    var dropped: Int
    var from: Int
    var to: Int
  }

  /// With this many bytes of answers unsent, no more commands are read.
  static let outboxLimit = 8_192

  let socket: Descriptor
  /// Which socket it connected to.
  let kind: SocketKind
  var subscription: Subscription
  /// The next event to look at.
  var next: Int
  /// What it missed and was not told of yet.
  var missed: Missed?
  /// What must go out before any event: answers, and the rest of a line sent in part.
  private(set) var outbox: [UInt8] = []
  var input = LineBuffer(limit: LineEncoder.maximumLength - 1)
  /// It will send no more commands; it may still read.
  var hasInputEnded = false
  /// A command that waits to be carried out; until then no other is looked at.
  var deferred: Request?
  /// The streams whose levels it wants to hear of; nil for none.
  var metered: [String]?
  /// The socket takes nothing now.
  private(set) var isBlocked = false
  /// Nobody is there any more.
  var isGone = false

  /// A client that hears what is published from event `next` on.
  init(owning number: Int32, kind: SocketKind, subscription: Subscription, next: Int) {
    socket = Descriptor(owning: number)
    self.kind = kind
    self.subscription = subscription
    self.next = next
  }

  /// Queues a line ahead of all unsent events.
  func post(_ line: [UInt8]) {
    outbox += line
    outbox.append(UInt8(ascii: "\n"))
  }

  /// Event `sequence` is being overwritten; returns whether this client wanted it and has not got
  /// it.
  func loses(_ sequence: Int, _ traits: EventTraits) -> Bool {
    guard next <= sequence else { return false }
    next = sequence + 1
    guard subscription.wants(traits) else { return false }
    let before = missed ?? Missed(dropped: 0, from: sequence, to: sequence)
    missed = Missed(dropped: before.dropped + 1, from: before.from, to: sequence)
    return true
  }

  /// The socket may take something again.
  func unblock() { isBlocked = false }

  /// Sends the outbox; whether it is empty now and the socket may take more.
  func sendOutbox() -> Bool {
    while !outbox.isEmpty, !isGone, !isBlocked {
      let sent = outbox.withUnsafeBytes {
        note(send(socket.number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)))
      }
      outbox.removeFirst(sent)
    }
    return outbox.isEmpty && !isGone && !isBlocked
  }

  /// Sends wanted events from where this client is; whether there may be more to send.
  ///
  /// Lines are sent from the history without a copy. The rest of a line sent in part is kept, so
  /// that no line is ever cut off.
  func sendEvents(_ history: borrowing History, _ vectors: UnsafeMutableBufferPointer<iovec>)
    -> Bool
  {
    var sequences: [Int] = []
    var position = next
    while position <= history.lastSequence, sequences.count < vectors.count {
      if subscription.wants(history.traits(position)) {
        let line = history.line(position)
        vectors[sequences.count] = iovec(
          iov_base: UnsafeMutableRawPointer(mutating: line.baseAddress), iov_len: line.count)
        sequences.append(position)
      }
      position += 1
    }
    guard !sequences.isEmpty else {
      next = position
      return false
    }
    var message = msghdr()
    message.msg_iov = vectors.baseAddress
    message.msg_iovlen = sequences.count
    var sent = note(sendmsg(socket.number, &message, Int32(MSG_NOSIGNAL)))
    for (index, sequence) in sequences.enumerated() {
      if sent == 0 {
        next = sequence
        return !isBlocked && !isGone
      }
      let line = history.line(sequence)
      if sent < vectors[index].iov_len {
        outbox += line.dropFirst(sent)
        next = sequence + 1
        return true
      }
      sent -= vectors[index].iov_len
    }
    next = position
    return true
  }

  /// Turns the result of a send into a count, noting whether the client is blocked or gone.
  private func note(_ result: Int) -> Int {
    if result >= 0 { return result }
    switch errno {
    case EINTR: return 0
    case EAGAIN, ENOBUFS, ENOMEM: isBlocked = true
    default: isGone = true
    }
    return 0
  }
}
