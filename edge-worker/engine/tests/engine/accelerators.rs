//! Accelerators: what is asked for, what is there, and where the model then runs.

use littoral_engine::{Accelerator, ChatModel, DeviceKind, LoadOptions};

use crate::fixtures::{answer, job, quick, runtime, tiny};

/// Whether this machine and runtime have a device that answers the wish.
fn there(asked: Accelerator) -> bool {
    runtime().devices().iter().any(|device| match asked {
        Accelerator::Gpu => device.kind.is_gpu(),
        Accelerator::Npu => device.kind == DeviceKind::Npu,
        Accelerator::Cpu => device.kind == DeviceKind::Cpu,
    })
}

#[tokio::test]
async fn a_model_asked_onto_an_accelerator_that_is_not_there_runs_on_the_processor_and_says_so() {
    let folder = tiny().join("grouped");
    let load = |accelerator| {
        let options = LoadOptions { accelerator, ..quick() };
        ChatModel::load(&runtime(), &folder, options).expect("loads")
    };
    let plain = load(Accelerator::Cpu);
    let expected = answer(&plain, job("the tide turns", 8)).await.text;
    let nodes = plain.card().placement.clone();
    for asked in [Accelerator::Npu, Accelerator::Gpu].into_iter().filter(|asked| !there(*asked)) {
        let model = load(asked);
        let card = model.card();
        assert_eq!((card.asked, card.runs_on()), (asked, Some(Accelerator::Cpu)));
        assert_eq!(card.placement, nodes);
        assert_eq!(card.placement[0].execution_provider, "CPUExecutionProvider");
        assert_eq!(answer(&model, job("the tide turns", 8)).await.text, expected);
        model.shutdown();
    }
    plain.shutdown();
}

#[test]
fn the_processor_is_listed_as_one_and_the_same_each_time() {
    let devices = runtime().devices();
    let processor = devices.iter().find(|device| device.kind == DeviceKind::Cpu);
    assert_eq!(processor.expect("there").execution_provider, "CPUExecutionProvider");
    assert_eq!(runtime().devices(), devices);
}
