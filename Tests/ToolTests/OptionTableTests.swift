import InvCLI
import Testing

@testable import inv_agg
@testable import inv_build
@testable import inv_cat
@testable import inv_check
@testable import inv_fetch
@testable import inv_list
@testable import inv_merge
@testable import inv_mkindex
@testable import inv_parse
@testable import inv_query

@Suite struct OptionTableTests {
  @Test func everyTableIsRight() {
    #expect(inv_agg.command.problems == [])
    #expect(inv_build.command.problems == [])
    #expect(inv_cat.command.problems == [])
    #expect(inv_check.command.problems == [])
    #expect(inv_fetch.command.problems == [])
    #expect(inv_list.command.problems == [])
    #expect(inv_merge.command.problems == [])
    #expect(inv_mkindex.command.problems == [])
    #expect(inv_parse.command.problems == [])
    #expect(inv_query.command.problems == [])
  }
}
