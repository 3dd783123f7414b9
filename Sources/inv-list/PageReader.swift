import InvBytes
import InvSource
import InvSystem

/// Reads answers and hands their rows on, on a thread of its own.
final class PageReader: @unchecked Sendable {
  /// What is to be read.
  struct Answer: Sendable {
    let number: Int
    let question: ListingPlan.Question
    let body: [UInt8]
    let request: ListingPage.Request
  }

  enum Result: Sendable {
    case page(ListingPage)
    case bad(FormatError)
    /// The rows could not be handed on.
    case failed(Failure)
  }

  private let queue: BoundedQueue<Answer>
  private let monitor = Monitor()
  private var results: [(number: Int, Result)] = []
  private let output: Output
  private let wake: @Sendable () -> Void
  private var thread: Thread?

  /// `wake` is called when there is a result.
  init(_ output: Output, capacity: Int, wake: @escaping @Sendable () -> Void) throws(Failure) {
    self.output = output
    self.wake = wake
    queue = BoundedQueue(capacity: capacity)
    thread = try Thread { [self] in
      while let answer = queue.pop() {
        let result = read(answer)
        monitor.withLock { results.append((answer.number, result)) }
        wake()
      }
    }
  }

  func push(_ answer: Answer) { queue.push(answer) }

  /// The results since the last call, in the order of the answers.
  func take() -> [(number: Int, Result)] {
    monitor.withLock {
      defer { results.removeAll(keepingCapacity: true) }
      return results
    }
  }

  /// Reads what was pushed and ends the thread.
  func finish() {
    queue.close()
    thread?.join()
  }

  private func read(_ answer: Answer) -> Result {
    let page: ListingPage
    do throws(FormatError) {
      page = try ListingPage(answer.body, to: answer.request)
    } catch { return .bad(error) }
    guard answer.question.probe == nil else { return .page(page) }
    do throws(Failure) {
      try output.add(page, of: answer.question.range)
    } catch { return .failed(error) }
    return .page(page)
  }
}
