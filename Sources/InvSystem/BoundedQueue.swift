/// A first-in-first-out queue between threads that never holds more than `capacity` elements.
public final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
  private let monitor = Monitor()
  private let capacity: Int
  private var elements: [Element] = []
  private var head = 0
  private var isClosed = false

  public init(capacity: Int) {
    self.capacity = max(1, capacity)
  }

  /// Waits for room and appends; false when the queue has been closed, and the element is dropped.
  @discardableResult
  public func push(_ element: Element) -> Bool {
    monitor.withLock {
      while elements.count - head >= capacity && !isClosed { monitor.wait() }
      if isClosed { return false }
      elements.append(element)
      monitor.wake()
      return true
    }
  }

  /// Waits for an element; nil when the queue is closed and empty.
  public func pop() -> Element? {
    monitor.withLock {
      while head == elements.count && !isClosed { monitor.wait() }
      guard head < elements.count else { return nil }
      let element = elements[head]
      head += 1
      if head == elements.count {
        elements.removeAll(keepingCapacity: true)
        head = 0
      } else if head >= 64 {
        elements.removeFirst(head)
        head = 0
      }
      monitor.wake()
      return element
    }
  }

  /// No more elements will be accepted; what is in the queue can still be taken.
  public func close() {
    monitor.withLock {
      isClosed = true
      monitor.wake()
    }
  }

  /// Closes the queue and forgets what it holds.
  public func abandon() {
    monitor.withLock {
      isClosed = true
      elements.removeAll()
      head = 0
      monitor.wake()
    }
  }
}
