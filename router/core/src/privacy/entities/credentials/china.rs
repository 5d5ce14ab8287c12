//! Keys of Chinese clouds, messengers and payment services.
//!
//! Alibaba's and Tencent's ids have beginnings; the secrets beside them, and all of Huawei's and Baidu's,
//! are bare and known by name only.

use super::shape::{assigned, marked, named, token};
use crate::privacy::detect::{Detector, Edges, pattern};

const ALIYUN: &str = "https://help.aliyun.com/zh/ram/user-guide/create-an-accesskey-pair";
const TENCENT: &str = "https://cloud.tencent.com/document/product/598/40487";
const FEISHU: &str = "https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot";
const DINGTALK: &str =
    "https://open.dingtalk.com/document/orgapp/custom-robots-send-group-messages";
const WECOM: &str = "https://developer.work.weixin.qq.com/document/path/91770";
const WECHAT: &str = "https://pay.weixin.qq.com/doc/v3/merchant/4013053249";

#[rustfmt::skip]
pub(super) static TABLE: &[Detector] = &[
    token("ALIBABA_ACCESS_KEY_ID", "Alibaba Cloud AccessKey id", ALIYUN, &["LTAI"], &[pattern("LTAI[A-Za-z0-9]{20}", 95), pattern("LTAI[A-Za-z0-9]{12,26}", 85)]),
    named("ALIBABA_ACCESS_KEY_SECRET", "Alibaba Cloud AccessKey secret", ALIYUN,
        &["alibaba", "aliyun", "access_key_secret", "accesskeysecret", "access-key-secret", "accesskey_secret", "oss_"],
        &[pattern(assigned!("(?:(?:alibaba|aliyun|oss)[_-]?(?:cloud)?[_-]?)?(?:access[_-]?key)?[_-]?secret(?:[_-]?key)?", "[A-Za-z0-9]{30}"), 95)]),
    token("ALIBABA_STS_TOKEN", "Alibaba Cloud temporary key id", ALIYUN, &["STS."], &[pattern("STS[.][A-Za-z0-9]{20,30}", 92)]),
    token("TENCENT_SECRET_ID", "Tencent Cloud SecretId", TENCENT, &["AKID"], &[pattern("AKID[A-Za-z0-9]{32}", 95), pattern("AKID[A-Za-z0-9_-]{13,80}", 80)]),
    named("TENCENT_SECRET_KEY", "Tencent Cloud SecretKey", TENCENT, &["tencent", "qcloud", "cos_secret"],
        &[pattern(assigned!("(?:(?:tencent|qcloud|cos)[_-]?(?:cloud)?[_-]?)?secret[_-]?key", "[A-Za-z0-9]{32}"), 92)]),
    named("HUAWEI_CLOUD_SECRET", "Huawei Cloud secret access key", "https://support.huaweicloud.com/usermanual-iam/iam_02_0003.html", &["huawei", "hwcloud", "hw_secret", "obs_secret"],
        &[pattern(assigned!("(?:huawei|hwcloud|hw|obs)[_-]?(?:cloud)?[_-]?(?:sdk_)?(?:secret|sk)(?:[_-]?access)?(?:[_-]?key)?", "[A-Za-z0-9]{40}"), 93)]),
    named("BAIDU_SECRET", "Baidu Cloud key", "https://cloud.baidu.com/doc/Reference/s/9jwvz2egb", &["baidu", "qianfan", "bce"],
        &[pattern(assigned!("(?:baidu|qianfan|bce)[_-]?(?:cloud|ai|api|map)?[_-]?(?:secret|access|api|sk|ak)[_-]?(?:access)?[_-]?(?:key)?", "(?:[A-Za-z0-9]{32}|[A-Za-z0-9]{24})"), 92),
          pattern("bce-v3/ALTAK-[A-Za-z0-9]{21}/[a-f0-9]{40}", 98)]),
    token("VOLCENGINE_ACCESS_KEY", "Volcano Engine access key id", "https://www.volcengine.com/docs/6291/65568", &["AKLT"], &[pattern("AKLT[A-Za-z0-9_-]{43}", 95), pattern("AKLT[A-Za-z0-9_-]{20,60}={0,2}", 85)]),
    named("QINIU_SECRET", "Qiniu or UCloud key", "https://developer.qiniu.com/kodo/1233/console-quickstart", &["qiniu", "ucloud", "upyun"],
        &[pattern(assigned!("(?:qiniu|ucloud|upyun)[_-]?(?:secret|access|private)?[_-]?(?:key|token)", "[A-Za-z0-9_-]{40}"), 93)]),
    token("JDCLOUD_ACCESS_KEY", "JD Cloud access key id", "https://docs.jdcloud.com/cn/account-management/accesskey-management", &["JDC_"], &[pattern("JDC_[A-Z0-9]{28}", 95)]),
    marked("FEISHU_WEBHOOK", "Feishu or Lark webhook", FEISHU, &["open.feishu.cn/", "open.larksuite.com/"],
        &[pattern("open[.](?:feishu[.]cn|larksuite[.]com)/open-apis/bot/(?:v2/)?hook/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", 98)]),
    named("FEISHU_APP_SECRET", "Feishu or Lark app secret", FEISHU, &["feishu", "lark_", "lark-"],
        &[pattern(assigned!("(?:(?:feishu|lark)[_-]?)?(?:app[_-]?)?(?:secret|encrypt[_-]?key)", "[A-Za-z0-9]{32}"), 90)]),
    marked("FEISHU_ACCESS_TOKEN", "Feishu or Lark access token", FEISHU, &["t-g1", "u-g1", "t-caecc"], &[pattern("[tu]-(?:g1|caecc)[A-Za-z0-9_.-]{30,60}", 85)]),
    marked("DINGTALK_WEBHOOK", "DingTalk webhook", DINGTALK, &["oapi.dingtalk.com/robot/send"], &[pattern("oapi[.]dingtalk[.]com/robot/send[?]access_token=[0-9a-f]{64}", 98)]),
    token("DINGTALK_SECRET", "DingTalk signing secret", DINGTALK, &["SEC"], &[pattern("SEC[0-9a-f]{64}", 96)]),
    marked("WECOM_WEBHOOK", "WeCom webhook", WECOM, &["qyapi.weixin.qq.com/cgi-bin/webhook/"],
        &[pattern("qyapi[.]weixin[.]qq[.]com/cgi-bin/webhook/(?:send|upload_media)[?](?:debug=1&)?key=[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", 98)]),
    named("WECOM_SECRET", "WeCom application secret", WECOM, &["wecom", "corpsecret", "corp_secret", "qywx", "wework"],
        &[pattern(assigned!("(?:(?:wecom|qywx|wework)[_-]?)?(?:corp|agent|app)?[_-]?secret", "[A-Za-z0-9_-]{43}"), 94)]),
    named("WECHAT_APP_SECRET", "WeChat app secret", WECHAT, &["wechat", "weixin", "wx_"],
        &[pattern(assigned!("(?:wechat|weixin|wx)[_-]?(?:mp|mini|app|open)?[_-]?(?:app)?[_-]?secret", "[a-f0-9]{32}"), 95)]),
    named("WECHAT_PAY_KEY", "WeChat Pay API key", WECHAT, &["wechat", "weixin", "wxpay", "wx_pay", "mch_key", "mchkey", "apiv3"],
        &[pattern(assigned!("(?:(?:wechat|weixin|wx)[_-]?pay[_-]?(?:api|mch)?[_-]?(?:v[23])?[_-]?(?:key|secret)|mch[_-]?key|apiv3[_-]?key)", "[A-Za-z0-9]{32}"), 94)]),
    // A bounded beginning: `BARE_PRIVATE_KEY` has the whole.
    Detector { edges: Edges::NONE, ..named("ALIPAY_PRIVATE_KEY", "Alipay application private key", "https://opendocs.alipay.com/common/02kipk", &["alipay", "app_private_key", "merchant_private_key"],
        &[pattern(assigned!("(?:alipay[_-]?)?(?:app|merchant|rsa)?[_-]?private[_-]?key", "MII[A-Za-z0-9+/]{60,120}"), 92)]) },
    named("AMAP_KEY", "Amap or Tencent map key", "https://lbs.amap.com/api/webservice/create-project-and-key", &["amap", "gaode", "qqmap"],
        &[pattern(assigned!("(?:amap|gaode|qqmap)[_-]?(?:web|api|js|service)?[_-]?(?:key|secret|token)", "(?:[a-f0-9]{32}|(?:[A-Z0-9]{5}-){5}[A-Z0-9]{5})"), 90)]),
];

#[cfg(test)]
pub(super) const SAMPLES: &[(&str, &str)] = &[
    ("ALIBABA_ACCESS_KEY_ID", "LTAI{a20}"),
    ("ALIBABA_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_ACCESS_KEY_SECRET={a30}"),
    ("ALIBABA_ACCESS_KEY_SECRET", "accessKeySecret: '{a30}"),
    ("ALIBABA_STS_TOKEN", "STS.{a24}"),
    ("TENCENT_SECRET_ID", "AKID{a32}"),
    ("TENCENT_SECRET_KEY", "TENCENTCLOUD_SECRET_KEY={a32}"),
    ("HUAWEI_CLOUD_SECRET", "HUAWEICLOUD_SDK_SK={a40}"),
    ("BAIDU_SECRET", "BAIDU_SECRET_KEY={a32}"),
    ("VOLCENGINE_ACCESS_KEY", "AKLT{a43}"),
    ("QINIU_SECRET", "QINIU_SECRET_KEY={a40}"),
    ("JDCLOUD_ACCESS_KEY", "JDC_{u28}"),
    ("FEISHU_WEBHOOK", "open.feishu.cn/open-apis/bot/v2/hook/{uuid}"),
    ("FEISHU_APP_SECRET", "FEISHU_APP_SECRET={a32}"),
    ("FEISHU_ACCESS_TOKEN", "t-g1{a40}"),
    ("DINGTALK_WEBHOOK", "oapi.dingtalk.com/robot/send?access_token={x64}"),
    ("DINGTALK_SECRET", "SEC{x64}"),
    ("WECOM_WEBHOOK", "qyapi.weixin.qq.com/cgi-bin/webhook/send?key={uuid}"),
    ("WECOM_SECRET", "corpsecret={w42}{a1}"),
    ("WECHAT_APP_SECRET", "WECHAT_APP_SECRET={x32}"),
    ("WECHAT_PAY_KEY", "WECHAT_PAY_API_V3_KEY={a32}"),
    ("ALIPAY_PRIVATE_KEY", "ALIPAY_PRIVATE_KEY=MII{b100}"),
    ("AMAP_KEY", "AMAP_KEY={x32}"),
];
