import InvFormat
import TestSupport
import Testing

@testable import InvSort

@Suite struct TreeTests {
  /// The child of that name, made if it is not there.
  private func enter(_ name: String, _ tree: inout Tree) throws(Tree.Full) -> UInt32 {
    let bytes = Array((name + "/").utf8)
    var made: UInt32 = 0
    var isFull = false
    unsafe bytes.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return }
      do throws(Tree.Full) {
        made = unsafe try tree.child(of: tree.root, start, bytes.count)
      } catch { isFull = true }
    }
    if isFull { throw Tree.Full() }
    return made
  }

  @Test func tableGrowsWithEveryNodeInIt() throws {
    var tree = Tree(limit: 1 << 30, hasAccessed: false)
    var generator = SeededGenerator(4)
    let names = (0..<20_000).map { "n\($0 * 7)" }.shuffled(using: &generator)
    var made: [String: UInt32] = [:]
    for name in names { made[name] = try enter(name, &tree) }
    #expect(Set(made.values).count == names.count)
    for name in names.shuffled(using: &generator) {
      let found = try enter(name, &tree)
      #expect(found == made[name], "\(name)")
    }
    tree.reset()
    let isEmpty = tree.isEmpty
    #expect(isEmpty)
    _ = try enter("b", &tree)
    _ = try enter("a", &tree)
    let nodes = tree.nodes
    #expect(nodes == 3)
  }

  /// A name that is out of order must not make a table that the memory has no room for.
  @Test func tableOfManyChildrenStaysWithinTheLimit() throws {
    let limit: UInt64 = 8 << 20
    var tree = Tree(limit: limit, hasAccessed: false)
    var number = 1_000_000
    while !tree.isFull {
      _ = try enter("n\(number)", &tree)
      number += 1
    }
    let before = tree.bytes
    let refused = try? enter("m", &tree)
    let after = tree.bytes
    #expect(refused == nil)
    #expect(after == before)
    tree.reset()
    let made = try enter("m", &tree)
    #expect(made != 0)
  }
}
