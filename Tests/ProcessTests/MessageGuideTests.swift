import Testing

/// What the guides are read as: a row that is not whole must not pass.
@Suite struct MessageGuideTests {
  private let table = """
    ### `9d147ce3a05f4b68be92c6d018f3e75a` the device

    | message | `reason` | what to do |
    |---|---|---|
    | ``no sound; `edgectl devices` lists … ``, `is … | and` | `no_card` | look |
    | `it stops` | `none` | |
    | `it ends` | `none` |
    | `it hangs` |

    ## Nothing

    | message | what to do |
    |---|---|
    | `nowhere` | nothing |
    """

  @Test func rowsHaveTheirSectionTheirMessagesAndTheirRemedy() {
    let rows = MessageGuide(table).rows
    #expect(rows.map(\.messages).first == ["no sound; `edgectl devices` lists …", "is … | and"])
    #expect(rows.map(\.remedy).first == "look")
    #expect(rows.allSatisfy { $0.section == .log(.deviceFault) })
  }

  @Test func aRowWithoutARemedyIsNoticed() {
    #expect(MessageGuide(table).rows.map(\.hasRemedy) == [true, false, false, false])
  }
}
