/// A list of plain values in memory that whoever owns it frees; copies are the same list.
@safe struct PlainList<Element: BitwiseCopyable> {
  private(set) var start: UnsafeMutablePointer<Element>
  private(set) var count = 0
  private(set) var capacity: Int

  init(capacity: Int) {
    self.capacity = max(1, capacity)
    unsafe start = .allocate(capacity: self.capacity)
  }

  /// Nothing may be used afterwards.
  func free() { unsafe start.deallocate() }

  var isEmpty: Bool { count == 0 }

  /// The elements, for as long as the list is not changed.
  var buffer: UnsafeMutableBufferPointer<Element> {
    unsafe UnsafeMutableBufferPointer(start: start, count: count)
  }

  /// Element `index`, which there is.
  @inline(__always)
  subscript(index: Int) -> Element {
    get { unsafe start[index] }
    nonmutating set { unsafe start[index] = newValue }
  }

  /// Makes room for `more` elements; `add` does not look.
  @inline(__always)
  mutating func reserve(_ more: Int) {
    if count &+ more > capacity { resize(max(count + more, capacity * 2)) }
  }

  @inline(never)
  private mutating func resize(_ wider: Int) {
    let room = UnsafeMutablePointer<Element>.allocate(capacity: wider)
    unsafe room.update(from: start, count: count)
    unsafe start.deallocate()
    unsafe start = room
    capacity = wider
  }

  /// Adds an element, for which there is room.
  @inline(__always)
  mutating func add(_ element: Element) {
    unsafe start[count] = element
    count &+= 1
  }

  /// Adds an element.
  @inline(__always)
  mutating func append(_ element: Element) {
    reserve(1)
    add(element)
  }

  /// Adds `more` elements from `other` on.
  @inline(__always)
  mutating func append(_ other: UnsafePointer<Element>, count more: Int) {
    reserve(more)
    unsafe (start + count).update(from: other, count: more)
    count &+= more
  }

  /// Makes the list `count` elements long; what is new in it is whatever lies there.
  mutating func setCount(_ count: Int) {
    reserve(count - self.count)
    self.count = count
  }

  @inline(__always)
  mutating func removeLast() { count &-= 1 }

  /// Forgets all elements, and memory for more than `most` of them.
  mutating func removeAll(keeping most: Int = .max) {
    count = 0
    if capacity > most { resize(most) }
  }
}
