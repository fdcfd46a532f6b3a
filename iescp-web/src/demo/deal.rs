//! What may become of a negotiation, as moves and the time between them.
//!
//! Times are in slots, of which a day has five. The gaps obey the platform's timers: an offer lasts 35 slots, a review 15, a
//! dispute 150.

use super::dice::Dice;
use iescp_core::request::Side;

/// One thing that one of the two does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    Ask,
    Counter(Side),
    Accept(Side),
    Reject(Side),
    Withdraw(Side),
    Say(Side),
    Submit,
    AskChanges,
    Approve,
    StepDown,
    CancelOverdue,
    Dispute(Side),
    WithdrawDispute(Side),
    Rule,
    ProposeSplit(Side),
    AcceptSplit(Side),
    Review(Side, i64),
    Results,
    Payout,
}

/// How a negotiation stands in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Fresh,
    Countered,
    Rejected,
    Withdrawn,
    Expired,
    Active,
    Submitted,
    Reworking,
    Approved,
    ApprovedAfterChanges,
    ApprovedByClock,
    SteppedDown,
    CancelledOverdue,
    Overdue,
    Split,
    SplitProposed,
    Disputed,
    Ruled,
    DisputeWithdrawn,
}

/// How often each occurs; the first half can only have begun lately.
const WEIGHTS: [(i64, Outcome); 19] = [
    (11, Outcome::Fresh),
    (8, Outcome::Countered),
    (6, Outcome::Active),
    (4, Outcome::Submitted),
    (2, Outcome::Reworking),
    (1, Outcome::Overdue),
    (1, Outcome::SplitProposed),
    (2, Outcome::Disputed),
    (9, Outcome::Rejected),
    (4, Outcome::Withdrawn),
    (6, Outcome::Expired),
    (26, Outcome::Approved),
    (6, Outcome::ApprovedAfterChanges),
    (4, Outcome::ApprovedByClock),
    (2, Outcome::SteppedDown),
    (2, Outcome::CancelledOverdue),
    (2, Outcome::Split),
    (2, Outcome::Ruled),
    (2, Outcome::DisputeWithdrawn),
];

/// A negotiation to be played.
#[derive(Clone, Debug)]
pub(super) struct Course {
    /// Moves, each with the slots since the one before.
    pub moves: Vec<(i64, Move)>,
    /// How many slots may have passed since the last move, from and to.
    pub ago: (i64, i64),
    /// How many days after the acceptance the work is due.
    pub due_in: i64,
}

impl Course {
    /// Slots from the first move to the last.
    pub(super) fn length(&self) -> i64 {
        self.moves.iter().map(|(gap, _)| gap).sum()
    }

    /// Slots from the first move to the last for which the campaign must take requests.
    pub(super) fn negotiated(&self) -> i64 {
        let binding =
            |step: &Move| matches!(step, Move::Ask | Move::Counter(_) | Move::Accept(_) | Move::Reject(_) | Move::Withdraw(_));
        let last = self.moves.iter().rposition(|(_, step)| binding(step)).unwrap_or(0);
        self.moves.iter().take(last + 1).map(|(gap, _)| gap).sum()
    }
}

/// One of the outcomes.
pub(super) fn outcome(dice: &mut Dice) -> Outcome {
    dice.weighed(&WEIGHTS).unwrap_or(Outcome::Approved)
}

/// How it comes to that outcome.
pub(super) fn course(outcome: Outcome, asker: Side, dice: &mut Dice) -> Course {
    let mut talk = Talk { moves: vec![(0, Move::Ask)], turn: asker.other(), dice };
    let mut ago = (1, i64::MAX);
    let mut due_in = talk.dice.between(10, 24);
    match outcome {
        Outcome::Fresh => {
            talk.maybe_say(30);
            ago = (1, 18);
        }
        Outcome::Countered => {
            talk.counter();
            talk.maybe_say(40);
            ago = (1, 16);
        }
        Outcome::Rejected => {
            talk.haggle();
            let by = talk.turn;
            talk.then(2, 12, Move::Reject(by));
        }
        Outcome::Withdrawn => {
            let by = talk.turn.other();
            talk.then(4, 15, Move::Withdraw(by));
        }
        Outcome::Expired => ago = (40, i64::MAX),
        Outcome::Active => {
            talk.agree();
            talk.maybe_say(70);
            ago = (1, 40);
        }
        Outcome::Submitted => {
            talk.agree();
            talk.submit();
            ago = (1, 8);
        }
        Outcome::Reworking => {
            talk.agree();
            talk.submit();
            talk.then(2, 9, Move::AskChanges);
            ago = (1, 15);
        }
        Outcome::Approved | Outcome::ApprovedAfterChanges => {
            talk.agree();
            talk.maybe_say(60);
            talk.submit();
            if outcome == Outcome::ApprovedAfterChanges {
                talk.then(2, 9, Move::AskChanges);
                talk.then(3, 12, Move::Submit);
            }
            talk.then(2, 10, Move::Approve);
            talk.afterwards();
        }
        Outcome::ApprovedByClock => {
            talk.agree();
            talk.submit();
            talk.then(18, 24, Move::Review(Side::Influencer, 3));
        }
        Outcome::SteppedDown => {
            talk.agree();
            talk.then(5, 20, Move::StepDown);
        }
        Outcome::CancelledOverdue => {
            due_in = 6;
            talk.agree();
            talk.then(72, 90, Move::CancelOverdue);
        }
        Outcome::Overdue => {
            due_in = 4;
            talk.agree();
            ago = (32, 70);
        }
        Outcome::Split | Outcome::SplitProposed => {
            talk.agree();
            let by = talk.either();
            talk.then(8, 25, Move::ProposeSplit(by));
            if outcome == Outcome::Split {
                talk.then(2, 12, Move::AcceptSplit(by.other()));
            } else {
                ago = (1, 20);
            }
        }
        Outcome::Disputed => {
            talk.agree();
            let by = talk.either();
            if by == Side::Sponsor {
                talk.submit();
            }
            talk.then(2, 10, Move::Dispute(by));
            ago = (1, 60);
        }
        Outcome::Ruled => {
            talk.agree();
            talk.submit();
            talk.then(2, 10, Move::Dispute(Side::Sponsor));
            talk.then(5, 25, Move::Rule);
        }
        Outcome::DisputeWithdrawn => {
            talk.agree();
            talk.submit();
            talk.then(2, 6, Move::Dispute(Side::Sponsor));
            talk.then(3, 10, Move::WithdrawDispute(Side::Sponsor));
            talk.then(1, 4, Move::Approve);
            talk.afterwards();
        }
    }
    Course { moves: talk.moves, ago, due_in }
}

/// A negotiation being made up.
struct Talk<'a> {
    moves: Vec<(i64, Move)>,
    turn: Side,
    dice: &'a mut Dice,
}

impl Talk<'_> {
    fn then(&mut self, least: i64, most: i64, step: Move) {
        let gap = self.dice.between(least, most);
        self.moves.push((gap, step));
    }

    fn either(&mut self) -> Side {
        if self.dice.chance(50) { Side::Sponsor } else { Side::Influencer }
    }

    fn maybe_say(&mut self, percent: i64) {
        for _ in 0..3 {
            if self.dice.chance(percent) {
                let by = self.either();
                self.then(1, 4, Move::Say(by));
            }
        }
    }

    fn counter(&mut self) {
        let by = self.turn;
        self.then(2, 9, Move::Counter(by));
        self.turn = by.other();
    }

    fn haggle(&mut self) {
        for percent in [45, 40, 25] {
            if !self.dice.chance(percent) {
                break;
            }
            self.counter();
        }
    }

    fn agree(&mut self) {
        self.haggle();
        let by = self.turn;
        self.then(1, 9, Move::Accept(by));
    }

    fn submit(&mut self) {
        self.then(12, 40, Move::Submit);
    }

    /// What follows on good work: reviews, figures, money.
    fn afterwards(&mut self) {
        for side in [Side::Sponsor, Side::Influencer] {
            if self.dice.chance(80) {
                let rating = self.dice.weighed(&[(50, 5), (32, 4), (12, 3), (4, 2), (2, 1)]).unwrap_or(5);
                self.then(2, 16, Move::Review(side, rating));
            }
        }
        if self.dice.chance(45) {
            self.then(3, 15, Move::Results);
        }
        if self.dice.chance(60) {
            self.then(1, 15, Move::Payout);
        }
    }
}
