//! Whatever a provider and administrators call, in whatever order, devices and
//! SBIs stay in the declared states.

use proptest::prelude::*;

use super::*;
use crate::device::pairing::{Device, may_map};

/// What a provider or an administrator calls, about devices and SBIs by index.
#[derive(Debug, Clone, Copy)]
enum Call {
    AddSbi { expired: bool },
    AddDevice,
    AddDeviceTo(usize),
    DecideSbi(usize, Decision),
    DecideDevice(usize, Decision),
    DecideDeviceFor(usize, usize, Decision),
    DeactivateDevice(usize),
    DeactivateSbi(usize),
    EditDevice(usize, bool, Editor),
    EditSbi(usize, bool, bool, Editor),
    Map(usize, usize),
    Unmap(usize, usize),
}

#[derive(Debug, Clone, Copy)]
struct ModelSbi {
    provider: &'static str,
    state: State,
    expired: bool,
}

#[derive(Debug, Default)]
struct Model {
    sbis: Vec<ModelSbi>,
    devices: Vec<(&'static str, State)>,
    mapped: Vec<(usize, usize)>,
    /// Rejected devices: nothing may approve them again.
    rejected: Vec<usize>,
}

impl Model {
    fn sbi(&self, index: usize) -> Option<Sbi<'static>> {
        let found = self.sbis.get(index)?;
        let expires = if found.expired {
            "2026-11-23"
        } else {
            "2027-01-01"
        };
        Some(Sbi {
            provider: Some(found.provider),
            state: found.state,
            expires: Some(day(expires)),
        })
    }

    fn device(&self, index: usize) -> Option<Device<'static>> {
        let (provider, state) = *self.devices.get(index)?;
        Some(Device {
            id: "d",
            provider,
            state,
            is_rejected: state == State::Rejected,
        })
    }

    fn its_sbis(&self, device: usize) -> Vec<Sbi<'static>> {
        let its = self.mapped.iter().filter(|pair| pair.0 == device);
        its.filter_map(|pair| self.sbi(pair.1)).collect()
    }

    fn set_device(&mut self, index: usize, change: Option<Change>) {
        if let Some(change) = change {
            let (status, active) = change.stored();
            self.devices[index].1 = State::of(status, active);
        }
        if self.devices[index].1 == State::Rejected {
            self.rejected.push(index);
        }
    }

    fn set_sbi(&mut self, index: usize, change: Option<Change>) {
        let Some(change) = change else { return };
        let (status, active) = change.stored();
        let before = self.sbis[index].state;
        self.sbis[index].state = State::of(status, active);
        if !takes_devices_along(before, change) {
            return;
        }
        for device in 0..self.devices.len() {
            if self.mapped.contains(&(device, index)) {
                self.set_device(device, change.cascade(self.devices[device].1));
            }
        }
    }

    /// What the use cases do; `None` when they refuse.
    #[expect(clippy::too_many_lines, reason = "one arm per call of the contract")]
    fn call(&mut self, call: Call) -> Option<()> {
        match call {
            Call::AddSbi { expired } => {
                let provider = ["north", "south"][self.sbis.len() % 2];
                let state = State::Pending;
                self.sbis.push(ModelSbi {
                    provider,
                    state,
                    expired,
                });
            }
            Call::AddDevice => {
                let provider = ["north", "south"][self.devices.len() % 2];
                self.devices.push((provider, State::Pending));
            }
            Call::AddDeviceTo(sbi) => {
                let provider = ["north", "south"][self.devices.len() % 2];
                self.sbi(sbi)?.must_be_usable_by(provider, today()).ok()?;
                self.devices.push((provider, State::Pending));
                self.mapped.push((self.devices.len() - 1, sbi));
            }
            Call::DecideSbi(index, decision) => {
                let change = decide_sbi(self.sbi(index)?, Some(decision), today()).ok()?;
                let expired = self.sbis[index].expired;
                assert!(
                    !(expired && change == Change::Approve),
                    "approved an expired SBI"
                );
                self.set_sbi(index, Some(change));
            }
            Call::DecideDevice(index, decision) => {
                let its = self.its_sbis(index);
                let device = self.device(index)?;
                let change = decide_device(device.state, decision, &its, today()).ok()?;
                self.set_device(index, change);
            }
            Call::DecideDeviceFor(index, sbi, decision) => {
                let device = self.device(index)?;
                let partner = device.provider;
                self.sbi(sbi)?.must_be_usable_by(partner, today()).ok()?;
                device.must_wait_for_approval(partner).ok()?;
                if self.mapped.contains(&(index, sbi)) {
                    self.set_device(index, Some(decision.into()));
                }
            }
            Call::DeactivateDevice(index) => {
                let change = deactivate_device(self.device(index)?.state).ok()?;
                self.set_device(index, Some(change));
            }
            Call::DeactivateSbi(index) => {
                let change = deactivate_sbi(self.sbi(index)?.state).ok()?;
                self.set_sbi(index, Some(change));
            }
            Call::EditDevice(index, changed, editor) => {
                let change = edit_device(self.device(index)?.state, changed, editor);
                self.set_device(index, change);
            }
            Call::EditSbi(index, changed, active, editor) => {
                let change = edit_sbi(self.sbi(index)?.state, changed, active, editor);
                // An edit sets a new expiry date, which lies ahead.
                self.sbis[index].expired = false;
                self.set_sbi(index, change);
            }
            Call::Map(index, sbi) => {
                let device = self.device(index)?;
                device.must_be_in_use().ok()?;
                may_map(&device, &self.sbi(sbi)?, today()).ok()?;
                self.mapped.push((index, sbi));
            }
            Call::Unmap(index, sbi) => self.mapped.retain(|pair| *pair != (index, sbi)),
        }
        Some(())
    }

    fn assert_declared(&self, call: Call) {
        for (device, sbi) in &self.mapped {
            let (provider, state) = self.devices[*device];
            let sbi = self.sbis[*sbi];
            assert_eq!(
                provider, sbi.provider,
                "{call:?}: a device of another provider"
            );
            let unusable = matches!(sbi.state, State::Deactivated | State::Rejected);
            assert!(
                !(unusable && matches!(state, State::Approved | State::Pending)),
                "{call:?}: a device in {state:?} for an SBI in {:?}",
                sbi.state
            );
        }
        for device in &self.rejected {
            assert_eq!(
                self.devices[*device].1,
                State::Rejected,
                "{call:?}: a rejected device came back"
            );
        }
    }
}

fn calls() -> impl Strategy<Value = Call> {
    let index = || 0_usize..4;
    let decision = || prop_oneof![Just(Decision::Approve), Just(Decision::Reject)];
    let editor = || prop_oneof![Just(Editor::Admin), Just(Editor::Provider)];
    prop_oneof![
        any::<bool>().prop_map(|expired| Call::AddSbi { expired }),
        Just(Call::AddDevice),
        index().prop_map(Call::AddDeviceTo),
        (index(), decision()).prop_map(|(sbi, how)| Call::DecideSbi(sbi, how)),
        (index(), decision()).prop_map(|(device, how)| Call::DecideDevice(device, how)),
        (index(), index(), decision())
            .prop_map(|(device, sbi, how)| Call::DecideDeviceFor(device, sbi, how)),
        index().prop_map(Call::DeactivateDevice),
        index().prop_map(Call::DeactivateSbi),
        (index(), any::<bool>(), editor())
            .prop_map(|(device, changed, who)| Call::EditDevice(device, changed, who)),
        (index(), any::<bool>(), any::<bool>(), editor())
            .prop_map(|(sbi, changed, active, who)| Call::EditSbi(sbi, changed, active, who)),
        (index(), index()).prop_map(|(device, sbi)| Call::Map(device, sbi)),
        (index(), index()).prop_map(|(device, sbi)| Call::Unmap(device, sbi)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_sequence_of_calls_leaves_the_declared_states(
        sequence in prop::collection::vec(calls(), 1..60),
    ) {
        let mut model = Model::default();
        for call in sequence {
            model.call(call);
            model.assert_declared(call);
        }
    }
}
